"""What `turnaround verify` asks: whether we signed the file, and nobody changed it since.

Only the public root is read, so the signing keys stay closed, and what is slow runs side by side.
"""

from pathlib import Path

from engine.settings import Settings
from tasks.documents import verification


def verified(file: Path, settings: Settings) -> verification.Report:
    """Judge a PDF by the installation's own root and its register of issued files.

    Raises KeysMissingError where there is no installation.
    """
    verification.prepare()  # the judge starts while the rest is loaded here
    from engine.cases import documents
    from tasks.documents import trust
    from web import storage

    own = trust.of_folder(settings.data_folder / "keys")
    with storage.sessions_of(settings) as sessions, sessions() as session:
        return verification.verify(
            file.read_bytes(),
            own,
            issued_sha256=lambda digest: documents.was_issued(session, digest),
        )
