"""What a verification found, in values for programs and in words for people."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tasks.documents.words import N_


class Verdict(StrEnum):
    """The answer to the question whether one may rely on a file."""

    GENUINE = "genuine"  # Signed by us or for us, nothing changed since.
    NOT_THE_ISSUED_FILE = "not-the-issued-file"  # Signed, never given out.
    ALTERED = "altered"  # Changed or damaged after it was signed.
    UNPROVEN = "unproven"  # Ours, but nothing trusted says it was signed in time.
    NOT_OURS = "not-ours"  # Signed, by somebody we do not know.
    UNSIGNED = "unsigned"
    NOT_A_PDF = "not-a-pdf"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too-large"


class SignerRole(StrEnum):
    """On whose behalf a signature speaks; known only below our own root."""

    ORGANISATION_SEAL = "organisation-seal"
    ONE_TIME_CUSTOMER = "one-time-customer-certificate"
    DOCUMENT_TIMESTAMP = "document-timestamp"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class TimestampFacts:
    """Who vouches for the time of signing. `own`: the organisation's clock, not independent."""

    authority: str
    at: datetime
    own: bool
    trusted: bool


@dataclass(frozen=True)
class SignatureFacts:
    """One signature of the file, oldest first in the report."""

    field: str
    role: SignerRole
    signer: str
    organisation: str
    assurance: str
    serial: str
    reason: str
    claimed_at: datetime | None
    timestamp: TimestampFacts | None
    intact: bool
    covers_whole_file: bool
    trusted: bool
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The verification of one file. `issued_by_us` is None if nobody could look that up."""

    verdict: Verdict
    sha256: str
    size: int
    issued_by_us: bool | None
    signatures: tuple[SignatureFacts, ...] = ()
    problems: tuple[str, ...] = ()


HEADLINES = {
    Verdict.GENUINE: N_("Genuine: signed as stated below and unchanged since."),
    Verdict.NOT_THE_ISSUED_FILE: N_(
        "Doubtful: the signatures hold, yet we never issued this file."
    ),
    Verdict.ALTERED: N_("Altered: the file was changed or damaged after it was signed."),
    Verdict.UNPROVEN: N_("Unproven: the certificate has ended and no trusted time stamp helps."),
    Verdict.NOT_OURS: N_("Not ours: signed by somebody this installation does not know."),
    Verdict.UNSIGNED: N_("Unsigned: the file carries no signature."),
    Verdict.NOT_A_PDF: N_("Not a PDF."),
    Verdict.UNREADABLE: N_("Unreadable: the file is damaged or not a proper PDF."),
    Verdict.TOO_LARGE: N_("Too large to be verified."),
}
ISSUED = {
    True: N_("This is byte for byte a file we issued."),
    False: N_("This file is not in the register of what we issued."),
    None: N_("The register of issued files was not asked."),
}
ROLES = {
    SignerRole.ORGANISATION_SEAL: N_("Seal of the organisation"),
    SignerRole.ONE_TIME_CUSTOMER: N_("Customer, by one-time certificate"),
    SignerRole.DOCUMENT_TIMESTAMP: N_("Closing time stamp"),
    SignerRole.UNKNOWN: N_("Unknown signer"),
}


def as_text(report: Report) -> str:
    """The report in plain lines."""
    lines = [HEADLINES[report.verdict], ISSUED[report.issued_by_us], f"SHA-256 {report.sha256}"]
    lines += [f"Problem: {problem}" for problem in report.problems]
    for number, signature in enumerate(report.signatures, 1):
        lines += ["", *_signature_lines(number, signature)]
    return "\n".join(lines)


def as_json(report: Report) -> str:
    """The report as JSON; field names as in this module, times in ISO 8601."""
    return json.dumps(
        dataclasses.asdict(report), ensure_ascii=False, indent=2, default=datetime.isoformat
    )


def signature_from(facts: Mapping[str, Any]) -> SignatureFacts:
    """Rebuild a signature's facts from their JSON form."""
    stamp, claimed = facts["timestamp"], facts["claimed_at"]
    times = {
        "role": SignerRole(facts["role"]),
        "claimed_at": datetime.fromisoformat(claimed) if claimed else None,
        "timestamp": TimestampFacts(**stamp | {"at": datetime.fromisoformat(stamp["at"])})
        if stamp
        else None,
        "problems": tuple(facts["problems"]),
    }
    return SignatureFacts(**{**facts, **times})


def _signature_lines(number: int, signature: SignatureFacts) -> list[str]:
    lines = [f"{number}. {ROLES[signature.role]}: {signature.signer}"]
    if signature.assurance:
        lines.append(f"   Identity: {signature.assurance}")
    if signature.reason:
        lines.append(f"   Reason: {signature.reason}")
    lines.append(f"   Time: {_time(signature)}")
    state = "unchanged" if signature.intact else "CHANGED"
    known = "known to us" if signature.trusted else "not known to us"
    reach = "whole file" if signature.covers_whole_file else "part signed at the time"
    lines.append(f"   Signed content {state}; signer {known}; covers the {reach}")
    return lines + [f"   Problem: {problem}" for problem in signature.problems]


def _time(signature: SignatureFacts) -> str:
    stamp = signature.timestamp
    if stamp is None:
        claimed = signature.claimed_at
        return f"{claimed:%Y-%m-%d %H:%M:%S %Z}, as the signer claims" if claimed else "not stated"
    kind = "own clock" if stamp.own else "independent authority"
    known = "" if stamp.trusted else ", not known to us"
    return f"{stamp.at:%Y-%m-%d %H:%M:%S %Z}, by {stamp.authority} ({kind}{known})"
