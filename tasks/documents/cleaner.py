"""The cleaning process: decodes uploads apart from the product, which they so cannot hurt."""

from collections.abc import Mapping
from typing import Any

from tasks.documents import content, serving
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import Kind, Policy

MEMORY_BYTES = 3 * 1024**3 // 2


def main() -> None:
    """Answer each upload with clean bytes and their facts, or with the refusal."""
    serving.serve(_answer, MEMORY_BYTES)


def _answer(facts: Mapping[str, Any], data: bytes) -> serving.Message:
    limits = dict(facts["policy"])
    kinds = frozenset(Kind(kind) for kind in limits.pop("kinds"))
    try:
        clean = content.cleaned(data, Policy(kinds=kinds, **limits))
    except RejectedUploadError as error:
        return {"refused": error.reason, "message": str(error)}, b""
    about = {
        "kind": clean.kind,
        "pages": clean.pages,
        "signed": clean.signed,
        "changes": clean.changes,
    }
    return about, clean.data


if __name__ == "__main__":
    main()
