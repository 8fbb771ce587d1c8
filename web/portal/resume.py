"""Save and come back later: a link by mail, swapped for the cookie by pressing a button.

Opening the link changes nothing, so neither a mail scanner nor a preview can use it up.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.cases import correspondence, drafts, links
from engine.cases.links import Purpose
from engine.store import Draft
from web import access, installation, sessions
from web.portal import cookies, current, letters
from web.portal.blueprint import blueprint
from web.security import limiter

LIFETIME = timedelta(days=30)


def _mailbox() -> str:
    return request.form.get("email", "").strip().casefold()[:320]


@blueprint.get("/draft/later")
@access.customer
def later() -> ResponseReturnValue:
    """Ask where the link goes."""
    draft = current.draft()
    applicant = current.request_type(draft).applicant(draft.answers)
    return _page(draft, applicant.email or "")


@blueprint.post("/draft/later")
@access.customer
@limiter.limit("5/hour")
@limiter.limit("5/hour", key_func=_mailbox)
def send_link() -> ResponseReturnValue:
    """Mail the link; it opens this application alone."""
    draft = current.draft()
    typed = request.form.get("email", "").strip()[:320]
    try:
        address = validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        return _page(draft, typed, failed=True), 422
    with current.editing() as (session, kept):
        _mail(session, kept, address)
    return render_template(
        "portal/later_sent.html", address=address, simulated=letters.is_simulated(letters.MAIL)
    )


@blueprint.get("/resume/<token>")
@access.customer
@limiter.limit("30/minute")
def resume(token: str) -> ResponseReturnValue:
    """Show the button."""
    draft_id = links.redeem(sessions.reading(), Purpose.RESUME, token)
    draft = drafts.resumable(sessions.reading(), draft_id) if draft_id else None
    if draft is None:
        return render_template("portal/no_link.html"), 404
    return render_template("portal/resume.html", saved_at=draft.updated_at)


@blueprint.post("/resume/<token>")
@access.customer
@limiter.limit("30/minute")
def swap(token: str) -> ResponseReturnValue:
    """Give the browser its cookie."""
    with sessions.writing() as session:
        opened = _opened(session, links.redeem(session, Purpose.RESUME, token))
    if opened is None:
        return render_template("portal/no_link.html"), 404
    response = redirect(url_for("portal.go_on"), 303)
    cookies.keep(response, Purpose.DRAFT, opened, drafts.LIFETIME)
    return response


def _opened(session: Session, draft_id: UUID | None) -> str | None:
    draft = drafts.resumable(session, draft_id) if draft_id else None
    return drafts.open_for(session, draft) if draft else None


def _mail(session: Session, draft: Draft, address: str) -> None:
    token = links.issue(session, Purpose.RESUME, draft.id, LIFETIME)
    base = installation.current().settings.public_url.rstrip("/")
    request_type = current.request_type(draft)
    letter = letters.resume(request_type, base + links.path(Purpose.RESUME, token))
    correspondence.queue(
        session,
        key=f"resume:{uuid4()}",
        channel=letters.MAIL,
        address=address,
        template=letter.template,
        locale=current.locale(request_type),
        subject=letter.subject,
        body=letter.body,
        html=letter.html,
        draft_id=draft.id,
    )


def _page(draft: Draft, email: str, *, failed: bool = False) -> str:
    return render_template(
        "portal/later.html", email=email, failed=failed, expires_at=draft.expires_at
    )
