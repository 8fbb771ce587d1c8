"""Checking a document: anybody gives a PDF or follows the code on one, and learns its worth.

The file is judged in a process of its own, under limits of time and memory, and nothing of it is
kept. What a code leads to tells nobody whose document it is.
"""

from collections.abc import Mapping
from threading import BoundedSemaphore
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from engine.cases import documents, numbers
from engine.errors import BusyError
from engine.store import Document, ServiceRequest
from tasks.documents.report import HEADLINES, ISSUED, ROLES, Report, Verdict
from web import access, installation, sessions, verifying
from web.security import limiter

PLACES = BoundedSemaphore(2)  # of WEB_THREADS, 8 as a rule; a hostile file takes its 20 seconds
SHOWN = 4  # symbols of a request number that a stranger may see
LOOKS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.GENUINE: ("success", "patch-check-fill"),
    Verdict.ALTERED: ("danger", "x-circle-fill"),
    Verdict.NOT_THE_ISSUED_FILE: ("danger", "exclamation-octagon-fill"),
    Verdict.UNPROVEN: ("warning", "exclamation-triangle-fill"),
    Verdict.NOT_OURS: ("warning", "exclamation-triangle-fill"),
    Verdict.UNSIGNED: ("warning", "exclamation-triangle-fill"),
    Verdict.NOT_A_PDF: ("info", "info-circle-fill"),
    Verdict.UNREADABLE: ("info", "info-circle-fill"),
    Verdict.TOO_LARGE: ("info", "info-circle-fill"),
}

blueprint = Blueprint("verify", __name__)


@blueprint.get("/verify")
@access.public
def ask() -> str:
    """Ask for the file."""
    return _page()


@blueprint.post("/verify")
@access.public
@limiter.limit("6/minute; 60/hour")
def answer() -> ResponseReturnValue:
    """Say what the file is worth."""
    return _answered(None)


@blueprint.get("/verify/<uuid:reference>")
@access.public
@limiter.limit("30/minute")
def ask_about(reference: UUID) -> ResponseReturnValue:
    """What the register says of the document that carries this code."""
    issued = _issued(reference)
    return _page(unknown=issued is None, issued=issued), 200 if issued else 404


@blueprint.post("/verify/<uuid:reference>")
@access.public
@limiter.limit("6/minute; 60/hour")
def answer_about(reference: UUID) -> ResponseReturnValue:
    """Say what the file is worth, and whether it is the one with this code."""
    return _answered(_issued(reference))


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    return _page(problem=_("This file is too large to be checked. No document of ours is.")), 413


def _answered(issued: Document | None) -> ResponseReturnValue:
    name, content = _chosen()
    if not content:
        return _page(problem=_("Choose the PDF you want to check."), issued=issued), 422
    try:
        report = _judged(content)
    except BusyError as busy:
        return _page(problem=str(busy), issued=issued), 503
    return _page(report=report, name=name, issued=issued)


def _judged(content: bytes) -> Report:
    """The report; no database connection is held meanwhile. Raises BusyError at once."""
    known = documents.was_issued(sessions.reading(), verifying.digest(content))
    sessions.let_go()
    if not PLACES.acquire(blocking=False):
        raise BusyError
    try:
        return verifying.judged(content, installation.current().settings, issued=known)
    finally:
        PLACES.release()


def _issued(reference: UUID) -> Document | None:
    return documents.proof_of(sessions.reading(), str(reference))


def _page(
    *,
    report: Report | None = None,
    name: str = "",
    issued: Document | None = None,
    unknown: bool = False,
    problem: str = "",
) -> str:
    return render_template(
        "verify/page.html",
        report=report,
        look=LOOKS[report.verdict] if report else None,
        headline=HEADLINES[report.verdict] if report else "",
        register=ISSUED[report.issued_by_us] if report else "",
        roles=ROLES,
        name=name,
        issued=issued,
        same=bool(report and issued and report.sha256 == issued.digest),
        number=_masked(issued),
        unknown=unknown,
        problem=problem,
    )


def _masked(issued: Document | None) -> str:
    """The beginning of the request's number; whoever has the paper has the rest."""
    if issued is None or issued.service_request_id is None:
        return ""
    owner = sessions.reading().get_one(ServiceRequest, issued.service_request_id)
    return numbers.display(owner.number)[:SHOWN] + "…"


def _chosen() -> tuple[str, bytes]:
    """The file's name and bytes; its temporary copy goes at once."""
    chosen = request.files.get("file")
    if chosen is None:
        return "", b""
    content = chosen.read()
    chosen.close()
    return str(chosen.filename)[:100], content
