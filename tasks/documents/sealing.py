"""The organisation's seal: PAdES-B-T with the installation's own seal key."""

from tasks.documents import signatures, timestamps
from tasks.documents.keys import KeyStore
from tasks.documents.signatures import LoadedKeySigner, Statement
from tasks.documents.timestamps import Stamper

FIELD = "Seal"


def seal(
    pdf: bytes,
    keystore: KeyStore,
    *,
    reason: str,
    location: str,
    name: str,
    tsa_url: str | None = None,
) -> bytes:
    """Seal the PDF in an incremental update; earlier signatures in it stay valid.

    Raises SigningFailedError, or TimestampUnavailableError (retryable) if `tsa_url` is silent.
    """
    field = signatures.free_field(pdf, FIELD)
    statement = Statement(field, name, reason, location)
    return signatures.run(_sealed(pdf, keystore, statement, timestamps.stamper(keystore, tsa_url)))


async def _sealed(pdf: bytes, keystore: KeyStore, statement: Statement, stamper: Stamper) -> bytes:
    signer = LoadedKeySigner(keystore.seal, keystore.root)
    return await signatures.add(pdf, signer, statement, stamper)
