"""Verification: may I rely on this PDF? Nothing is fetched; whatever the bytes are, a report.

A changed byte under a signature shows in the signature. One elsewhere (padding, after the end)
does not, so the caller's register of issued digests has the last word where there is one.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import cast

from engine import clock
from tasks.documents import report
from tasks.documents.errors import DocumentError
from tasks.documents.processes import LostProcessError, Pool
from tasks.documents.report import Report, SignatureFacts, SignerRole, Verdict, as_json, as_text
from tasks.documents.trust import Trust
from tasks.documents.words import N_

__all__ = ["MAX_BYTES", "Report", "Verdict", "as_json", "as_text", "prepare", "verify"]

MAX_BYTES = 20 * 1024 * 1024
TIMEOUT = timedelta(seconds=20)
JUDGES = Pool("tasks.documents.judge")
HEADER = b"%PDF-"
SIGNED_MARKS = (b"/ByteRange", b"ETSI.CAdES.detached", b"ETSI.RFC3161", b"adbe.pkcs7")
"""What a signed PDF holds in clear; a file with these and no readable signature is damaged."""


def prepare() -> None:
    """Let a judge start beside what the caller does before it asks."""
    JUDGES.warm()


def verify(
    pdf: bytes, trust: Trust, *, issued_sha256: Callable[[str], bool] | None = None
) -> Report:
    """Judge the file. `issued_sha256` says whether we issued a file with this hex digest."""
    digest = hashlib.sha256(pdf).hexdigest()
    issued = issued_sha256(digest) if issued_sha256 else None
    verdict, found, problems = _judged(pdf, trust)
    if verdict is Verdict.GENUINE and issued is False:
        verdict = Verdict.NOT_THE_ISSUED_FILE
        problems = (*problems, N_("Bytes outside the signatures differ from the file we issued."))
    return Report(verdict, digest, len(pdf), issued, found, problems)


class UnreadableError(DocumentError):
    """The file cannot be read as a PDF."""


_Judgement = tuple[Verdict, tuple[SignatureFacts, ...], tuple[str, ...]]


def _judged(pdf: bytes, trust: Trust) -> _Judgement:
    if len(pdf) > MAX_BYTES:
        return Verdict.TOO_LARGE, (), (f"Files up to {MAX_BYTES // 2**20} MB are verified.",)
    marked = any(mark in pdf for mark in SIGNED_MARKS)
    if not pdf.startswith(HEADER):
        if marked:
            return Verdict.ALTERED, (), (N_("The beginning of the file is not that of a PDF."),)
        return Verdict.NOT_A_PDF, (), (N_("The file does not begin as a PDF does."),)
    try:
        found = _signatures(pdf, trust)
    except UnreadableError as error:
        reason = f"The file cannot be read: {error}."
        return (Verdict.ALTERED if marked else Verdict.UNREADABLE), (), (reason,)
    if not found:
        return _without_signature(marked=marked)
    return _verdict(found), found, _problems(found)


def _signatures(pdf: bytes, trust: Trust) -> tuple[SignatureFacts, ...]:
    """Let the separate process judge the signatures, at the time of this one."""
    try:
        facts, _ = JUDGES.ask(_case(trust), pdf, TIMEOUT)
    except LostProcessError as error:
        raise UnreadableError("it takes too much time or memory") from error
    if "unreadable" in facts:
        raise UnreadableError(str(facts["unreadable"]))
    found = cast("list[Mapping[str, object]]", facts["signatures"])
    return tuple(report.signature_from(item) for item in found)


def _case(trust: Trust) -> dict[str, object]:
    """Whom to trust (DER in base64) and what time it is here."""
    return {
        "own": [base64.b64encode(root.dump()).decode() for root in trust.own],
        "timestamps": [base64.b64encode(root.dump()).decode() for root in trust.timestamps],
        "now": clock.now().isoformat(),
    }


def _without_signature(*, marked: bool) -> _Judgement:
    if marked:
        return Verdict.ALTERED, (), (N_("The file has traces of a signature that is gone."),)
    return Verdict.UNSIGNED, (), ()


def _verdict(found: tuple[SignatureFacts, ...]) -> Verdict:
    people = [item for item in found if item.role is not SignerRole.DOCUMENT_TIMESTAMP]
    if not all(signature.intact for signature in found):
        return Verdict.ALTERED
    if not any(signature.trusted for signature in people):
        ours = any(signature.role is not SignerRole.UNKNOWN for signature in people)
        return Verdict.UNPROVEN if ours else Verdict.NOT_OURS
    return Verdict.GENUINE if _is_covered(found) else Verdict.ALTERED


def _problems(found: tuple[SignatureFacts, ...]) -> tuple[str, ...]:
    if _is_covered(found):
        return ()
    if any(signature.trusted for signature in found):
        return (N_("Something was added to the file after the last signature that we trust."),)
    if any(signature.covers_whole_file for signature in found):
        return ()
    return (N_("Something was added to the file after the last signature."),)


def _is_covered(found: tuple[SignatureFacts, ...]) -> bool:
    """Whether somebody we trust signed the file to its end.

    A stranger's later signature would not do: its picture may lie over a page, and the analysis
    of changes lets signatures be added.
    """
    return any(signature.covers_whole_file and signature.trusted for signature in found)
