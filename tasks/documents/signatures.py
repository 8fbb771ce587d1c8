"""One PAdES signature in an incremental update: what sealing and signing have in common.

pyHanko works in coroutines; `run` lets any thread call them, also one whose loop is running.
"""

import asyncio
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TypeVar

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine import clock
from tasks.documents.certificates import Credential
from tasks.documents.errors import SigningFailedError, TimestampUnavailableError
from tasks.documents.hostile import PARSER_ERRORS
from tasks.documents.timestamps import Stamper

SIGNATURE_SIZE = 72
"""The longest DER form of a P-256 signature, in bytes."""
DIGEST = "sha256"

T = TypeVar("T")


@dataclass(frozen=True)
class Statement:
    """What a signature says beside the certificate: who, why and where."""

    field: str
    name: str
    reason: str
    location: str


class LoadedKeySigner(Signer):
    """Signs with a key that stays parsed; pyHanko's own parses and checks it at each use."""

    def __init__(self, credential: Credential, *chain: Credential) -> None:
        registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
        registry.register_multiple(link.asn1 for link in chain)
        super().__init__(signing_cert=credential.asn1, cert_registry=registry)
        self._key = credential.key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002 -- pyHanko's signature
    ) -> bytes:
        """Sign, or answer with as many bytes when pyHanko only measures."""
        if dry_run:
            return bytes(SIGNATURE_SIZE)
        algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384()}[digest_algorithm]
        return self._key.sign(data, ec.ECDSA(algorithm))


class ClockedPdfSigner(PdfSigner):
    """Takes the claimed time of signing from the product's clock."""

    def init_signing_session(
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002 -- pyHanko's signature
    ) -> PdfSigningSession:
        """Begin a signature dated now."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = clock.now()
        return session


def run(work: Coroutine[object, object, T]) -> T:
    """Run the coroutine to its end, in this thread if it has no running loop, else in another."""
    if not _loop_is_running():
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(copy_context().run, asyncio.run, work).result()


async def add(pdf: bytes, signer: Signer, statement: Statement, stamper: Stamper) -> bytes:
    """Append one invisible PAdES-B-T signature.

    Raises SigningFailedError for a PDF that cannot be signed, TimestampUnavailableError.
    """
    field = SigFieldSpec(sig_field_name=statement.field, empty_field_appearance=True)
    signing = ClockedPdfSigner(
        _metadata(statement), signer, timestamper=stamper, new_field_spec=field
    )
    try:
        signed = await signing.async_sign_pdf(writer(pdf), bytes_reserved=stamper.reserve)
    except TimestampRequestError as error:
        raise TimestampUnavailableError(cause=str(error)) from error
    except (PdfError, *PARSER_ERRORS) as error:
        raise SigningFailedError(f"This PDF cannot be signed: {error}") from error
    return bytes(signed.getvalue())


def writer(pdf: bytes) -> IncrementalPdfFileWriter:
    """Open a PDF for an incremental update."""
    return IncrementalPdfFileWriter(io.BytesIO(pdf))


def free_field(pdf: bytes, name: str) -> str:
    """The name for a new signature field: `name`, or `name-2`, `name-3`, ... if it is taken.

    Raises SigningFailedError for what cannot be read as a PDF.
    """
    try:
        signed = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        taken = {field.field_name for field in signed}
    except (PdfError, *PARSER_ERRORS) as error:
        raise SigningFailedError(f"This PDF cannot be signed: {error}") from error
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *numbered) if free not in taken)


def _metadata(statement: Statement) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=statement.field,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        name=statement.name,
        reason=statement.reason,
        location=statement.location or None,
    )


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
