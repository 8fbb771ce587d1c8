"""The cleaning process: decodes uploads apart from the product, which they so cannot hurt."""

from collections.abc import Mapping
from typing import TypedDict, cast

from tasks.documents import content, serving
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import CLEANER_BYTES, Kind, Policy


class Limits(TypedDict):
    """The policy as it travels; see there."""

    kinds: list[str]
    max_bytes: int
    max_pixels: int
    max_side: int
    max_pages: int


def main() -> None:
    """Answer each upload with clean bytes and their facts, or with the refusal."""
    serving.serve(_answer, CLEANER_BYTES)


def _answer(facts: Mapping[str, object], data: bytes) -> serving.Message:
    try:
        clean = content.cleaned(data, _policy(cast("Limits", facts["policy"])))
    except RejectedUploadError as error:
        return {"refused": error.reason, "message": str(error)}, b""
    about = {
        "kind": clean.kind,
        "pages": clean.pages,
        "signed": clean.signed,
        "changes": clean.changes,
    }
    return about, clean.data


def _policy(limits: Limits) -> Policy:
    return Policy(
        kinds=frozenset(Kind(kind) for kind in limits["kinds"]),
        max_bytes=limits["max_bytes"],
        max_pixels=limits["max_pixels"],
        max_side=limits["max_side"],
        max_pages=limits["max_pages"],
    )


if __name__ == "__main__":
    main()
