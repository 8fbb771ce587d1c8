"""Whether we signed a file, and nobody changed it since: for the page and for `turnaround verify`.

Only the public root is read, so the signing keys stay closed, and what is slow runs side by side.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from engine.settings import Settings
from tasks.documents import verification

if TYPE_CHECKING:
    from tasks.documents.trust import Trust


def verified(file: Path, settings: Settings) -> verification.Report:
    """Judge a PDF by the installation's own root and its register of issued files.

    Raises KeysMissingError where there is no installation.
    """
    verification.prepare()  # the judge starts while the rest is loaded here
    from engine.cases import documents
    from web import storage

    own = _own(settings)  # first of all: a folder without keys is mistyped, and nothing is made
    content = file.read_bytes()
    with storage.sessions_of(settings) as sessions, sessions() as session:
        issued = documents.was_issued(session, digest(content))
    return verification.verify(content, own, issued_sha256=lambda _digest: issued)


def judged(content: bytes, settings: Settings, *, issued: bool) -> verification.Report:
    """Judge the bytes; `issued` is what the register says of their digest.

    Raises KeysMissingError where there is no installation.
    """
    own = _own(settings)
    return verification.verify(content, own, issued_sha256=lambda _digest: issued)


def digest(content: bytes) -> str:
    """The SHA-256 by which the register knows a file, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _own(settings: Settings) -> "Trust":
    from tasks.documents import trust

    return trust.of_folder(settings.data_folder / "keys")
