"""The intake of uploads: what a file is, its content decides; what is kept, we made ourselves.

Pictures are decoded and encoded anew, so that nothing but pixels remains. A PDF is rewritten
without what can act, unless it is signed: then it is kept as it is, and flagged.
"""

import dataclasses
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from threading import BoundedSemaphore
from typing import cast

from tasks.documents import capacity
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import CLEANER_BYTES, DEFAULT, Content, Kind, Policy
from tasks.documents.processes import LostProcessError, NoPlaceError, Pool
from tasks.documents.words import N_

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TIMEOUT = timedelta(seconds=30)
CLEANERS = Pool("tasks.documents.cleaner")
BUSY = N_("We are checking many files at this moment. Send this one again in a minute.")
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


def bound(count: int | None) -> None:
    """Let so many uploads be cleaned at once, or as many as the machine bears."""
    places = count or capacity.processes(CLEANER_BYTES)
    CLEANERS.places = BoundedSemaphore(places)


def accept(name: str, data: bytes, policy: Policy = DEFAULT) -> Accepted:
    """Take the file in, cleaned; raises RejectedUploadError that says what to do instead."""
    _check_size(data, policy)
    if EICAR in data:
        raise RejectedUploadError("malware", "This file looks like a virus. Do not send it.")
    clean = _cleaned(data, policy)
    digest = hashlib.sha256(clean.data).hexdigest()
    return Accepted(
        name=safe_name(name, clean.kind),
        media_type=clean.kind,
        data=clean.data,
        sha256=digest,
        pages=clean.pages,
        signed=clean.signed,
        changes=clean.changes,
    )


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


def _cleaned(data: bytes, policy: Policy) -> Content:
    """Let the separate process clean the bytes."""
    limits = dataclasses.asdict(policy) | {"kinds": sorted(policy.kinds)}
    try:
        facts, clean = CLEANERS.ask({"policy": limits}, data, TIMEOUT)
    except NoPlaceError as error:
        raise RejectedUploadError("busy", BUSY) from error
    except LostProcessError as error:
        raise RejectedUploadError(
            "too_complex", "This file is too complex. Print it to a new PDF, or scan it again."
        ) from error
    if "refused" in facts:
        raise RejectedUploadError(str(facts["refused"]), str(facts["message"]))
    return Content(
        kind=Kind(str(facts["kind"])),
        data=clean,
        pages=cast("int | None", facts["pages"]),
        signed=bool(facts["signed"]),
        changes=tuple(cast("list[str]", facts["changes"])),
    )
