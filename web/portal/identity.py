"""A one-time code to the phone or mailbox that the application states."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.cases import codes, customers, drafts
from engine.errors import InvalidError
from engine.store import Draft
from web import access, sessions
from web.portal import current, letters, steps, wording
from web.portal.blueprint import blueprint
from web.security import limiter

PURPOSE = "confirm_contact"


@blueprint.get("/draft/identity")
@access.customer
def identity() -> ResponseReturnValue:
    """Choose where the code goes, or type the one that was sent."""
    draft = current.draft()
    return steps.detour(draft, "identity") or _page(draft)


@blueprint.post("/draft/identity/code")
@access.customer
@limiter.limit("10/hour")
def send_code() -> ResponseReturnValue:
    """Send a code to a contact that the application states."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "identity"):
        return elsewhere
    kind = request.form.get("contact", "")
    if kind not in dict(offered(draft)):
        return _page(draft, problem=_("Choose where we send the code."), target="contact-1"), 422
    try:
        with current.editing() as (session, kept):
            _issue(session, kept, kind)
    except codes.TooManyCodesError:
        return _page(draft, problem=_too_many_codes(), target="code"), 422
    return redirect(url_for("portal.identity"), 303)


@blueprint.post("/draft/identity")
@access.customer
@limiter.limit("30/hour")
def confirm() -> ResponseReturnValue:
    """Check the code; a right one confirms the contact it was sent to."""
    draft = current.draft()
    if elsewhere := steps.detour(draft, "identity"):
        return elsewhere
    with current.editing() as (session, kept):
        problem = _tried(session, kept, request.form.get("code", ""))
    if problem:
        return _page(draft, problem=problem, target="code"), 422
    flash(_("Thank you, that is confirmed."), "success")
    return steps.after(draft, "identity")


def offered(draft: Draft) -> list[tuple[str, str]]:
    """The contacts that are not confirmed yet and a code can be sent to."""
    request_type = current.request_type(draft)
    held = [contact.contact for contact in drafts.confirmed(draft)]
    return [
        (kind, value)
        for kind, value in drafts.contacts(sessions.reading(), draft)
        if (kind, value) not in held
        and letters.can_send_code(request_type, kind)
        and (kind != customers.PHONE or customers.is_ordinary_phone(value))
    ]


def _tried(session: Session, draft: Draft, code: str) -> str | None:
    """What is wrong with the code, None if it is right."""
    subject = str(draft.id)
    sent = codes.live(session, purpose=PURPOSE, subject=subject)
    if sent is None:
        return str(_("The code has run out. Ask for a new one."))
    if codes.tries_left(session, purpose=PURPOSE, subject=subject) == 0:
        return _too_many_tries()
    if not codes.check(session, purpose=PURPOSE, subject=subject, code=code):
        left = codes.tries_left(session, purpose=PURPOSE, subject=subject)
        return str(_("That is not the code we sent.")) if left else _too_many_tries()
    try:
        drafts.confirm_contact(session, draft, letters.KINDS[sent.channel], sent.address)
    except InvalidError:
        return str(_("You changed the address meanwhile. Ask for a new code."))
    return None


def _issue(session: Session, draft: Draft, kind: str) -> None:
    request_type = current.request_type(draft)
    channel = letters.CHANNELS[kind]
    codes.issue(
        session,
        purpose=PURPOSE,
        subject=str(draft.id),
        channel=channel,
        address=dict(drafts.contacts(session, draft))[kind],
        locale=current.locale(request_type),
        compose=letters.code(request_type, channel),
        draft_id=draft.id,
    )


def _page(draft: Draft, *, problem: str | None = None, target: str = "code") -> str:
    sent = codes.live(sessions.reading(), purpose=PURPOSE, subject=str(draft.id))
    sent_to = customers.masked(letters.KINDS[sent.channel], sent.address) if sent else None
    return render_template(
        "portal/identity.html",
        contacts=[(kind, customers.masked(kind, value)) for kind, value in offered(draft)],
        sent_to=sent_to,
        sent_kind=letters.KINDS[sent.channel] if sent else None,
        simulated=bool(sent and letters.is_simulated(sent.channel)),
        confirmed=[wording.contact(*held.contact) for held in drafts.confirmed(draft)],
        problem=problem,
        target=target,
        **steps.shown(draft, "identity"),
    )


def _too_many_codes() -> str:
    return str(_("We send no more than five codes an hour. Try again later."))


def _too_many_tries() -> str:
    return str(_("Too many wrong codes. Wait ten minutes, then ask for a new one."))
