"""The judging process: reads documents of strangers apart from the product."""

import base64
import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, cast

from asn1crypto import x509 as asn1

from engine import clock
from tasks.documents import judging, serving, signatures
from tasks.documents.judging import HOSTILE
from tasks.documents.trust import Trust

MEMORY_BYTES = 1024**3


class Case(TypedDict):
    """Whom to trust (DER in base64), and what time it is for the asker."""

    own: list[str]
    timestamps: list[str]
    now: str


def main() -> None:
    """Answer each PDF with the facts of its signatures, or with what made it unreadable."""
    serving.serve(_answer, MEMORY_BYTES)


def _answer(facts: Mapping[str, object], pdf: bytes) -> serving.Message:
    asked = cast("Case", facts)
    trust = Trust(_certificates(asked["own"]), _certificates(asked["timestamps"]))
    try:
        with clock.frozen_at(datetime.fromisoformat(asked["now"])):
            found = signatures.run(judging.signatures(pdf, trust))
    except HOSTILE as error:
        return {"unreadable": type(error).__name__}, b""
    return {"signatures": [dataclasses.asdict(signature) for signature in found]}, b""


def _certificates(encoded: list[str]) -> tuple[asn1.Certificate, ...]:
    return tuple(asn1.Certificate.load(base64.b64decode(text)) for text in encoded)


if __name__ == "__main__":
    main()
