"""The customer's signature: a key made for it, certified for minutes, and dropped after use.

The certificate states how sure we are of the name; the signature carries all that is needed to
judge it years later (PAdES-B-LTA): revocation lists made after it and a closing time stamp.
"""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import async_add_validation_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from engine import clock
from tasks.documents import certificates, signatures, timestamps
from tasks.documents.certificates import FULL_NAME, Credential
from tasks.documents.errors import SigningFailedError, TimestampUnavailableError
from tasks.documents.keys import KeyStore
from tasks.documents.signatures import LoadedKeySigner, Statement
from tasks.documents.timestamps import OwnTimeStamper, Stamper

LIFETIME = timedelta(minutes=15)
FIELD = "Customer"
MAX_NAME = 200


@dataclass(frozen=True)
class SignedDocument:
    """The signed PDF and the facts of its signature, as they go to the history."""

    pdf: bytes
    sha256: str
    serial: str
    subject: str
    assurance: str
    signed_at: datetime
    certificate_ends: datetime


def sign_once(
    pdf: bytes,
    keystore: KeyStore,
    *,
    stated_name: str,
    assurance: str,
    request_number: str,
    reason: str,
    location: str = "",
    tsa_url: str | None = None,
) -> SignedDocument:
    """Sign for a customer whose `assurance` says how the stated name was checked.

    The organisation may seal the result later. Raises SigningFailedError,
    TimestampUnavailableError.
    """
    subject = _subject(stated_name, assurance, request_number)
    credential = certificates.new_one_time(keystore.customers, subject, assurance, LIFETIME)
    statement = Statement(signatures.free_field(pdf, FIELD), stated_name, reason, location)
    stamper = timestamps.stamper(keystore, tsa_url)
    signed_at = clock.now()
    signed = signatures.run(_signed(pdf, keystore, credential, statement, stamper))
    return _document(signed, credential.certificate, assurance, signed_at)


async def _signed(
    pdf: bytes,
    keystore: KeyStore,
    credential: Credential,
    statement: Statement,
    stamper: Stamper,
) -> bytes:
    """B-T, then what proves it (B-LT), then a time stamp over all of that (B-LTA)."""
    signer = LoadedKeySigner(credential, keystore.customers, keystore.root)
    signed = await signatures.add(pdf, signer, statement, stamper)
    own_time = isinstance(stamper, OwnTimeStamper)
    try:
        # The lists of an outside authority would have to be fetched; only ours are at hand.
        proven = await _proven(signed, _context(keystore, credential), skip_timestamp=not own_time)
        return await _closed(proven, stamper)
    except TimestampRequestError as error:
        raise TimestampUnavailableError(cause=str(error)) from error
    except (SignatureValidationError, PathError, ValueError) as error:
        raise SigningFailedError(f"The signature cannot be proven: {error}") from error


async def _proven(pdf: bytes, context: ValidationContext, *, skip_timestamp: bool) -> bytes:
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures[-1]
    proven = await async_add_validation_info(signature, context, skip_timestamp=skip_timestamp)
    return bytes(proven.getvalue())


async def _closed(pdf: bytes, stamper: Stamper) -> bytes:
    closed = await PdfTimeStamper(stamper).async_timestamp_pdf(
        signatures.writer(pdf), signatures.DIGEST, bytes_reserved=stamper.reserve
    )
    return bytes(closed.getvalue())


def _context(keystore: KeyStore, credential: Credential) -> ValidationContext:
    """Our root, and what says after the signature that nothing is revoked; all of it ours."""
    now = clock.now()
    lists = [certificates.new_crl(issuer, now) for issuer in (keystore.root, keystore.customers)]
    status = certificates.new_status(credential.certificate, keystore.customers, now)
    return ValidationContext(
        trust_roots=[keystore.root.asn1],
        other_certs=[keystore.customers.asn1],
        crls=lists,
        ocsps=[status],
        moment=now,
        revocation_mode="require",
    )


def _subject(stated_name: str, assurance: str, request_number: str) -> x509.Name:
    """The stated name in full as `name`, and as much of it as fits as common name."""
    name = " ".join(stated_name.split())[:MAX_NAME]
    if not name:
        raise SigningFailedError("A signature needs the name of who signs.")
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, certificates.shortened(name)),
            x509.NameAttribute(FULL_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, assurance),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, request_number),
        ]
    )


def _document(
    pdf: bytes, certificate: x509.Certificate, assurance: str, signed_at: datetime
) -> SignedDocument:
    return SignedDocument(
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string(),
        assurance=assurance,
        signed_at=signed_at,
        certificate_ends=certificate.not_valid_after_utc,
    )
