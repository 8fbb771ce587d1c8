"""The intake of uploads: what a file is, its content decides; what is kept, we made ourselves.

Pictures are decoded and encoded anew, so that nothing but pixels remains. A PDF is rewritten
without what can act, unless it is signed: then it is kept as it is, and flagged.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from tasks.documents import pictures, uploaded_pdf
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import DEFAULT, Kind, Policy

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF_HEADER = b"%PDF-"
MAX_NAME = 100
SUFFIXES = {Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png"}
FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


@dataclass(frozen=True)
class Accepted:
    """A file to keep. `signed` says that it came signed and was therefore not rewritten."""

    name: str
    media_type: Kind
    data: bytes
    sha256: str
    pages: int | None = None
    signed: bool = False
    changes: tuple[str, ...] = ()


def accept(name: str, data: bytes, policy: Policy = DEFAULT) -> Accepted:
    """Take the file in, cleaned; raises RejectedUploadError that says what to do instead."""
    _check_size(data, policy)
    if EICAR in data:
        raise RejectedUploadError("malware", "This file looks like a virus. Do not send it.")
    if data.startswith(PDF_HEADER):
        return _accept_pdf(name, data, policy)
    picture = pictures.cleaned(data, policy)
    return _accepted(name, picture.kind, picture.data, changes=picture.changes)


def safe_name(name: str, kind: Kind) -> str:
    """A file name without path, control or direction marks, ending as its content demands."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(mark for mark in last if unicodedata.category(mark)[0] != "C")
    stem = PurePosixPath(FORBIDDEN.sub("_", visible).strip(" .")).stem.strip(" .")
    suffix = SUFFIXES[kind]
    return (stem[: MAX_NAME - len(suffix)].strip(" .") or "document") + suffix


def _check_size(data: bytes, policy: Policy) -> None:
    if not data:
        raise RejectedUploadError("empty", "This file is empty. Choose the file again.")
    if len(data) > policy.max_bytes:
        limit = policy.max_bytes / 2**20
        raise RejectedUploadError(
            "too_large",
            f"This file is larger than {limit:g} MB. Send a smaller scan or fewer pages.",
            size=len(data),
        )


def _accept_pdf(name: str, data: bytes, policy: Policy) -> Accepted:
    if Kind.PDF not in policy.kinds:
        raise RejectedUploadError("type", "A PDF is not accepted here. Send a picture instead.")
    pdf = uploaded_pdf.cleaned(data, policy)
    return _accepted(
        name, Kind.PDF, pdf.data, pages=pdf.pages, signed=pdf.signed, changes=pdf.changes
    )


def _accepted(
    name: str,
    kind: Kind,
    data: bytes,
    *,
    pages: int | None = None,
    signed: bool = False,
    changes: tuple[str, ...] = (),
) -> Accepted:
    digest = hashlib.sha256(data).hexdigest()
    return Accepted(safe_name(name, kind), kind, data, digest, pages, signed, changes)
