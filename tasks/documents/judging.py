"""Judging the signatures of one PDF by pyHanko, each at the moment its time stamp proves.

A certificate that lived fifteen minutes was good then; so the signer is judged at the time a
trusted time stamp states, and at the present time if there is none.
"""

import dataclasses
import io
import logging
from collections.abc import Iterator
from datetime import datetime

from asn1crypto import parser
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    DocumentTimestampStatus,
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.generic_cms import collect_timing_info
from pyhanko.sign.validation.status import ModificationInfo, TimestampSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from engine import clock
from tasks.documents.certificates import POLICIES, Role
from tasks.documents.hostile import PARSER_ERRORS
from tasks.documents.report import SignatureFacts, SignerRole, TimestampFacts
from tasks.documents.trust import Trust
from tasks.documents.words import N_

HOSTILE = (PdfError, *PARSER_ERRORS)
"""What pyHanko and asn1crypto raise over hostile bytes."""
ROLES = {
    POLICIES[Role.SEAL].dotted_string: SignerRole.ORGANISATION_SEAL,
    POLICIES[Role.ONE_TIME].dotted_string: SignerRole.ONE_TIME_CUSTOMER,
}
HARMLESS = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)
OTHER = SignerRole.UNKNOWN
MAX_SIGNATURES = 20

# The report says what is wrong; the libraries' own complaints about hostile files would only
# fill the log with pieces of them.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


async def signatures(pdf: bytes, trust: Trust) -> tuple[SignatureFacts, ...]:
    """The facts of every signature, oldest first. Raises one of HOSTILE for an unreadable file."""
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if len(embedded) > MAX_SIGNATURES:
        raise ValueError("too many signatures")
    return tuple([await _facts(signature, trust, len(pdf)) for signature in embedded])


async def _facts(signature: EmbeddedPdfSignature, trust: Trust, size: int) -> SignatureFacts:
    if signature.sig_object_type == "/DocTimeStamp":
        context = _context(trust.own + trust.timestamps, clock.now())
        closing = await async_validate_pdf_timestamp(signature, context)
        return _timestamp_facts(signature, closing, trust, size)
    stamp = await _timestamp(signature, trust)
    proven = stamp is not None and stamp.valid and stamp.intact and stamp.trusted
    moment = stamp.timestamp if stamp is not None and proven else clock.now()
    status = await async_validate_pdf_signature(
        signature,
        _context(trust.own, moment),
        _context(trust.own + trust.timestamps, clock.now()),
    )
    role = await _role(signature, trust)
    facts = _signature_facts(signature, status, trust, size)
    assurance = facts.assurance if role is SignerRole.ONE_TIME_CUSTOMER else ""
    return dataclasses.replace(facts, role=role, assurance=assurance)


async def _timestamp(
    signature: EmbeddedPdfSignature, trust: Trust
) -> TimestampSignatureStatus | None:
    context = _context(trust.own + trust.timestamps, clock.now())
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]  # pyHanko's is untyped.
    timing = await collect_timing_info(
        signature.signer_info, context, raw_digest=signature.compute_digest
    )
    stamp: TimestampSignatureStatus | None = timing.get("timestamp_validity")
    return stamp


def _context(anchors: tuple[asn1.Certificate, ...], moment: datetime) -> ValidationContext:
    return ValidationContext(trust_roots=list(anchors), moment=moment, allow_fetching=False)


def _signature_facts(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus, trust: Trust, size: int
) -> SignatureFacts:
    certificate = status.signing_cert
    problems = tuple(_problems(signature, status))
    stamp = status.timestamp_validity
    subject = certificate.subject.native
    return SignatureFacts(
        field=signature.field_name,
        role=OTHER,
        signer=_name(certificate),
        organisation=_text(subject.get("organization_name")),
        assurance=_text(subject.get("organizational_unit_name")),
        serial=f"{certificate.serial_number:x}",
        reason=_text(signature.sig_object.get("/Reason")),
        claimed_at=status.signer_reported_dt,
        timestamp=None if stamp is None else _stamp_facts(stamp, trust),
        intact=_is_intact(signature, status),
        covers_whole_file=_covers(signature, size),
        trusted=status.trusted and status.valid and status.intact,
        problems=problems,
    )


def _timestamp_facts(
    signature: EmbeddedPdfSignature, status: DocumentTimestampStatus, trust: Trust, size: int
) -> SignatureFacts:
    stamp = _stamp_facts(status, trust)
    intact = status.valid and status.intact and _unchanged(status) and not _padding(signature)
    return SignatureFacts(
        field=signature.field_name,
        role=SignerRole.DOCUMENT_TIMESTAMP,
        signer=stamp.authority,
        organisation=_text(status.signing_cert.subject.native.get("organization_name")),
        assurance="",
        serial=f"{status.signing_cert.serial_number:x}",
        reason="",
        claimed_at=None,
        timestamp=stamp,
        intact=intact,
        covers_whole_file=_covers(signature, size),
        trusted=stamp.trusted,
        problems=() if intact else (N_("The file was changed after this time stamp."),),
    )


def _stamp_facts(stamp: TimestampSignatureStatus, trust: Trust) -> TimestampFacts:
    trusted = stamp.valid and stamp.intact and stamp.trusted
    return TimestampFacts(
        authority=_name(stamp.signing_cert),
        at=stamp.timestamp,
        own=_own_authority(stamp, trust),
        trusted=trusted,
    )


def _is_intact(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    stamp_holds = stamp is None or (stamp.valid and stamp.intact)
    signed = status.valid and status.intact and stamp_holds
    return signed and _unchanged(status) and not _padding(signature)


def _unchanged(status: ModificationInfo) -> bool:
    """Whether what was added later leaves alone what was signed (by pyHanko's analysis)."""
    level = status.modification_level
    return level in HARMLESS and status.docmdp_ok is not False


def _padding(signature: EmbeddedPdfSignature) -> bool:
    """Whether the room left behind the signature's DER holds something else than zeros."""
    contents = bytes(signature.pkcs7_content)
    return any(contents[parser.peek(contents) :])


def _covers(signature: EmbeddedPdfSignature, size: int) -> bool:
    """Whether the signed ranges reach from the first byte of the file to the last."""
    start, _, second, length = (int(number) for number in signature.byte_range)
    return start == 0 and second + length == size


async def _role(signature: EmbeddedPdfSignature, trust: Trust) -> SignerRole:
    """Read the role from a certificate that our root issued, whether or not it has ended."""
    certificate = signature.signer_cert
    context = _context(trust.own, certificate.not_valid_before)
    validator = CertificateValidator(
        certificate,
        intermediate_certs=signature.other_embedded_certs,
        validation_context=context,
    )
    try:
        await validator.async_validate_path()
    except (PathError, ValidationError):
        return SignerRole.UNKNOWN
    return next((role for oid, role in ROLES.items() if oid in _policies(certificate)), OTHER)


def _policies(certificate: asn1.Certificate) -> frozenset[str]:
    value = certificate.certificate_policies_value
    if value is None:
        return frozenset()
    return frozenset(policy["policy_identifier"].dotted for policy in value)


def _own_authority(stamp: TimestampSignatureStatus, trust: Trust) -> bool:
    """Whether a trusted stamp is by the installation itself: issued directly by its root."""
    issuer = stamp.signing_cert.issuer.dump()
    return bool(stamp.trusted) and any(root.subject.dump() == issuer for root in trust.own)


def _name(certificate: asn1.Certificate) -> str:
    subject = certificate.subject.native
    return _text(subject.get("name") or subject.get("common_name") or "unnamed")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _problems(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[str]:
    stamp = status.timestamp_validity
    if not (status.intact and status.valid):
        yield N_("The signed content was changed, or the signature was made with another key.")
    if not _unchanged(status):
        yield N_("The file was changed after this signature, beyond what may be added later.")
    if _padding(signature):
        yield N_("There are bytes in the signature's reserved space that do not belong there.")
    if not status.trusted:
        yield N_("The signer's certificate is not one that this installation trusts at that time.")
    if stamp is None:
        yield N_("No time stamp: the time of signing is only what the signer claims.")
    elif not (stamp.valid and stamp.intact):
        yield N_("The time stamp does not belong to this signature or is damaged.")
    elif not stamp.trusted:
        yield N_("The time stamp's authority is not one that this installation trusts.")
