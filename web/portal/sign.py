"""Sign and submit: one button, however often it is pressed, makes one signature and one case.

The application is rendered, signed and stored outside the transaction that makes the case; the
case is made only of what the signature covers.
"""

from datetime import datetime, timedelta

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import documents, drafts, links, locks, numbers, service_requests
from engine.cases.links import Purpose
from engine.errors import ConflictError
from engine.store import Document, Draft
from tasks.documents import signing
from web import access, installation, sessions
from web.portal import cookies, current, downloads, identity, paper, steps, wording
from web.portal.blueprint import blueprint
from web.security import limiter

REUSED_FOR = timedelta(minutes=10)  # a signed application that could not be submitted
RECEIPT_KEPT = timedelta(days=1)  # how long this browser can go back to its receipt


class ChangedMeanwhileError(ConflictError):
    """The application was changed while it was being signed. Check it and sign again."""


@blueprint.get("/draft/sign")
@access.customer
def sign() -> ResponseReturnValue:
    """What will be signed, and what the signature will say."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "sign"):
        return elsewhere
    applicant = current.request_type(draft).applicant(draft.answers)
    return render_template(
        "portal/sign.html",
        number=draft.number,
        name=applicant.name,
        assurance=paper.assurance(draft),
        confirmed=[wording.contact(*held.contact) for held in drafts.confirmed(draft)],
        confirmable=next((kind for kind, _value in identity.offered(draft)), None),
        **steps.shown(draft, "sign"),
    )


@blueprint.get("/draft/application.pdf")
@access.customer
@limiter.limit("30/minute")
def preview() -> ResponseReturnValue:
    """The application as it would be signed now, without a signature."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "sign"):
        return elsewhere
    content = paper.rendered(draft, clock.now())
    return downloads.pdf_or_picture(content, "application/pdf", _name(draft), inline=True)


@blueprint.post("/draft/sign")
@access.customer
@limiter.limit("10/minute")
def submit() -> ResponseReturnValue:
    """Render, sign, store; then make the case."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "sign"):
        return elsewhere
    content = paper.fingerprint(draft, drafts.of(sessions.reading(), draft))
    moment = _signed_before(draft, content) or _sign(draft, content)
    with clock.frozen_at(moment), current.editing() as (session, kept):
        drafts.hold(session, kept)
        if paper.fingerprint(kept, drafts.of(session, kept)) != content:
            raise ChangedMeanwhileError
        application = documents.by_key(session, _key(draft, content, moment))
        if application is None:
            raise ChangedMeanwhileError
        drafts.keep_only(session, kept, application)
        service_requests.submit(session, kept, application)
        _close_elsewhere(session, kept)
    return _to_receipt()


def _signed_before(draft: Draft, content: str) -> datetime | None:
    """When this very content was signed, if that was just now and only the case is missing."""
    found = _recent(sessions.reading(), draft, content)
    return datetime.fromisoformat(str(found.facts["received_at"])) if found else None


def _sign(draft: Draft, content: str) -> datetime:
    """Make and keep the signed application; returns the moment it is received."""
    moment = clock.now().replace(microsecond=0)
    signed = _signature(draft, paper.rendered(draft, moment))
    with sessions.writing() as session:
        locks.hold(session, "application", str(draft.id))
        faster = _recent(session, draft, content)
        if faster is not None:  # a double click: the first signature counts
            return datetime.fromisoformat(str(faster.facts["received_at"]))
        documents.store(
            session,
            signed.pdf,
            kind=documents.Kind.APPLICATION,
            name=_name(draft),
            media_type="application/pdf",
            draft_id=draft.id,
            facts=_facts(signed, content, moment),
            idempotency_key=_key(draft, content, moment),
        )
    return moment


def _signature(draft: Draft, pdf: bytes) -> signing.SignedDocument:
    here = installation.current()
    if here.keystore is None:  # this process was started without the organisation's keys
        abort(503)
    applicant = current.request_type(draft).applicant(draft.answers)
    assurance = paper.assurance(draft)
    sessions.let_go()  # the authority that stamps the time may take its own
    return signing.sign_once(
        pdf,
        here.keystore,
        stated_name=applicant.name,
        assurance=assurance,
        request_number=numbers.display(draft.number),
        reason=_("I apply for what this document says."),
        tsa_url=here.settings.tsa_url,
    )


def _facts(signed: signing.SignedDocument, content: str, moment: datetime) -> dict[str, object]:
    return {
        "fingerprint": content,
        "received_at": moment.isoformat(),
        "signer": signed.subject,
        "certificate": signed.serial,
        "assurance": signed.assurance,
        "signed_at": signed.signed_at.isoformat(),
        "certificate_ends": signed.certificate_ends.isoformat(),
    }


def _recent(session: Session, draft: Draft, content: str) -> Document | None:
    """The application signed over this content not long ago."""
    youngest = clock.now() - REUSED_FOR
    for document in reversed(documents.of_draft(session, draft.id)):
        if (
            document.kind == documents.Kind.APPLICATION
            and document.facts.get("fingerprint") == content
            and datetime.fromisoformat(str(document.facts["received_at"])) > youngest
        ):
            return document
    return None


def _key(draft: Draft, content: str, moment: datetime) -> str:
    return f"application:{draft.id}:{content}:{moment.isoformat()}"


def _name(draft: Draft) -> str:
    return f"{numbers.display(draft.number)}.pdf"


def _close_elsewhere(session: Session, draft: Draft) -> None:
    """The receipt is for the browser that signed; whoever else had the link has nothing now."""
    links.end(session, Purpose.RESUME, draft.id)
    links.keep_only(session, Purpose.DRAFT, draft.id, cookies.read(Purpose.DRAFT), RECEIPT_KEPT)


def _to_receipt() -> Response:
    response = redirect(url_for("portal.receipt"), 303)
    cookies.keep(response, Purpose.DRAFT, cookies.read(Purpose.DRAFT), RECEIPT_KEPT)
    return response  # type: ignore[return-value]  # Flask's redirect makes its own Response
