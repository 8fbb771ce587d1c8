"""Documents of a case: every look is a fact of its history, every decision one of the engine."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.cases import documents, history, worklist
from engine.errors import InvalidError, NotAllowedError, NotFoundError
from engine.execution import user_tasks
from engine.lifecycle import DocumentState
from engine.store import Document
from web import access, security, sessions
from web.inbox.blueprint import READERS, WORKERS, blueprint
from web.inbox.case_views import IMAGES, PDF
from web.inbox.task_page import CHECKED

DECISIONS = frozenset({DocumentState.ACCEPTED, DocumentState.REJECTED, DocumentState.UNCLEAR})


@blueprint.get("/documents/<uuid:document_id>")
@access.roles(*READERS)
def document(document_id: UUID) -> ResponseReturnValue:
    """The bytes, to look at inside our own page or to keep."""
    account = access.signed_in()
    with sessions.writing() as session:
        found = _of_a_case(session, document_id)
        content = documents.content(session, found)
        history.record(
            session,
            "document.read",
            actor=account.name,
            request_id=found.service_request_id,
            document=str(found.id),
            name=found.name,
        )
    return _sent(found, content)


@blueprint.post("/tasks/<uuid:task_id>/documents/<uuid:document_id>")
@access.roles(*WORKERS)
def review(task_id: UUID, document_id: UUID) -> ResponseReturnValue:
    """Accept a document, reject it or call it unclear, for a task one holds."""
    decision = request.form.get("decision", "")
    if decision not in DECISIONS:
        raise InvalidError("Choose what you decide about the document.")
    account = access.signed_in()
    with sessions.writing() as session:
        user_tasks.hold(session, task_id, account)
        opened = worklist.task(session, task_id)
        if opened.row.details.get("documents") != CHECKED:
            raise NotAllowedError("This task does not decide about documents.")
        found = _of_a_case(session, document_id)
        if opened.request is None or found.service_request_id != opened.request.id:
            raise NotFoundError
        accepted = decision == DocumentState.ACCEPTED
        reason = "" if accepted else request.form.get("reason", "")  # an old one may stand there
        documents.review(session, document_id, account, DocumentState(decision), reason)
    flash(_("Your decision about %(name)s is kept.", name=found.name), "success")
    return redirect(url_for("inbox.task", task_id=task_id, _anchor=f"document-{found.id}"), 303)


def _of_a_case(session: Session, document_id: UUID) -> Document:
    """A document of a request: what lies with a draft is nobody's business yet."""
    found = session.get(Document, document_id)
    if found is None or found.service_request_id is None:
        raise NotFoundError
    return found


def _sent(found: Document, content: bytes) -> Response:
    """Images and PDF are shown in our pages, everything else is only handed out."""
    shown = found.media_type in IMAGES | {PDF} and "download" not in request.args
    response = make_response(content)
    response.mimetype = found.media_type if shown else "application/octet-stream"
    disposition = "inline" if shown else "attachment"
    response.headers.set("Content-Disposition", disposition, filename=found.name)
    security.policy(security.PREVIEW)
    return response
