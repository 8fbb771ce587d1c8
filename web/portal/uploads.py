"""The documents of an application: what is accepted is said before, several at once, removable."""

from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases import drafts
from engine.store import Draft
from web import access, installation, sessions
from web.portal import current, downloads, files, steps, wording
from web.portal.blueprint import blueprint
from web.portal.files import Refused
from web.security import limiter


@blueprint.get("/draft/documents")
@access.customer
def documents() -> ResponseReturnValue:
    """The checklist with what was sent so far."""
    draft = current.draft()
    return steps.detour(draft, "documents") or _page(draft, [])


@blueprint.post("/draft/documents")
@access.customer
@limiter.limit("30/minute; 200/hour")
def send() -> ResponseReturnValue:
    """Take what was chosen; then remove one, or stay for more, or go on."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "documents"):
        return elsewhere
    problems = _attach(draft)
    if removed := request.form.get("remove"):
        _detach(removed)
    sessions.reading().rollback()  # look again: what was just written is newer
    if "continue" in request.form and not problems:
        problems = _missing(draft)
        if not problems:
            return steps.after(draft, "documents")
    if problems:
        return _page(draft, problems), 422
    return redirect(url_for("portal.documents"), 303)


@blueprint.get("/draft/documents/<uuid:document_id>")
@access.customer
def upload(document_id: UUID) -> Response:
    """One of this application's own uploads, to look at."""
    session = sessions.reading()
    return downloads.attachment(session, drafts.upload(session, current.draft(), document_id))


def _attach(draft: Draft) -> list[Refused]:
    """Keep what the intake accepts; what it refuses, and what is one too many, is returned."""
    taken, refused = files.received(list(current.request_type(draft).checklist))
    if not taken:
        return refused
    with current.editing() as (session, kept):
        for one in taken:
            try:
                drafts.attach(session, kept, one.rule, one.accepted, one.facts)
            except drafts.TooManyFilesError as error:
                limit = error.facts["limit"]
                refused.append(files.too_many(one.rule, one.accepted.name, limit))
    return refused


def _detach(text: str) -> None:
    try:
        document_id = UUID(text)
    except ValueError:
        return
    with current.editing() as (session, kept):
        drafts.detach(session, kept, document_id)


def _missing(draft: Draft) -> list[Refused]:
    request_type = current.request_type(draft)
    uploads = drafts.of(sessions.reading(), draft)
    return [
        Refused(rule.item, str(_("Add a document here.")))
        for rule in drafts.missing(request_type.checklist, uploads)
    ]


def _page(draft: Draft, problems: list[Refused]) -> str:
    request_type = current.request_type(draft)
    uploads = drafts.of(sessions.reading(), draft)
    settings = installation.current().settings
    return render_template(
        "portal/documents.html",
        items=[
            (
                item,
                [one for one in uploads if one.item == item.key],
                [one.text for one in problems if one.item == item.key],
            )
            for item in wording.items(request_type)
        ],
        most_bytes=settings.upload_max_bytes,
        field=files.field,
        **steps.shown(draft, "documents"),
    )
