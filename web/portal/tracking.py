"""Following a request: its number, then a one-time code to the contact it was verified with.

Whether a number exists is never told: the answer, its status, its time and the work behind it
are the same. A code is good in the browser that asked for it alone, so strangers use up nobody's
tries. The cookie that a right code brings opens this one request, below its own address.
"""

import secrets
from datetime import timedelta
from threading import BoundedSemaphore
from uuid import UUID

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.cases import codes, customers, documents, links, numbers, progress, service_requests
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.errors import BusyError, NotFoundError
from engine.store import Document, ServiceRequest
from web import access, sessions
from web.pacing import Pace
from web.portal import (
    catalogue,
    cookies,
    downloads,
    letters,
    proof,
    stories,
    supply,
)
from web.portal.blueprint import blueprint
from web.security import limiter

PURPOSE = "track"
LIFETIME = timedelta(hours=1)
ASKED = "tracking_number"  # the keys in the cookie session
ASKER = "tracking_browser"
PACE = Pace(timedelta(milliseconds=250), BoundedSemaphore(2))  # of WEB_THREADS, 8 as a rule
FETCHED = frozenset({documents.Kind.APPLICATION, documents.Kind.PROOF})


@blueprint.get("/track")
@access.public
def track() -> str:
    """Ask for the number."""
    return _asking(request.args.get("number", ""))


@blueprint.post("/track")
@access.public
@limiter.limit("10/minute; 40/hour")
def send_tracking_code() -> ResponseReturnValue:
    """Send a code if the number exists; go on in any case."""
    typed = request.form.get("number", "")
    number = numbers.normalise(typed)
    if number is None:  # the check symbol says so, which anybody can compute
        return _asking(typed, problem=_not_a_number()), 422
    try:
        with PACE.kept():
            sessions.let_go()
            _try_to_issue(number)
    except BusyError:
        return _asking(typed, problem=_too_many()), 503
    session[ASKED] = number
    return redirect(url_for("portal.tracking_code"), 303)


@blueprint.get("/track/code")
@access.public
def tracking_code() -> ResponseReturnValue:
    """Ask for the code."""
    number = session.get(ASKED)
    if number is None:
        return redirect(url_for("portal.track"), 303)
    return render_template("portal/track_code.html", number=number, failed=False)


@blueprint.post("/track/code")
@access.public
@limiter.limit("10/minute; 40/hour")
def enter_tracking_code() -> ResponseReturnValue:
    """Open the request to this browser if the code is right."""
    number = session.get(ASKED)
    if number is None:
        return redirect(url_for("portal.track"), 303)
    with sessions.writing() as writing:
        token = _token(writing, number, request.form.get("code", ""))
    if token is None:
        return render_template("portal/track_code.html", number=number, failed=True), 422
    session.pop(ASKED)
    address = url_for("portal.status", number=number)
    response = redirect(address, 303)
    cookies.keep(response, Purpose.TRACKING, token, LIFETIME, address)
    return response


@blueprint.get("/track/<number>")
@access.customer
def status(number: str) -> ResponseReturnValue:
    """Where the request stands; without its cookie, the way to get it."""
    followed = _followed(number)
    if followed is None:
        return redirect(url_for("portal.track", number=number[:40]), 303)
    reading = sessions.reading()
    kept = documents.of_request(reading, followed.id)
    request_type = request_types.get(reading, followed.request_type_version_id)
    asked = progress.asked(reading, followed)
    return render_template(
        "portal/status.html",
        story=stories.tell(reading, request_type, followed),
        asked=supply.wanted(request_type, kept, asked) if asked else [],
        asked_note=asked.note if asked else "",
        documents=[document for document in kept if document.kind in FETCHED],
        number=followed.number,
        about=catalogue.about(reading, followed),
    )


@blueprint.get("/track/<number>/documents/<uuid:document_id>")
@access.customer
def tracked_document(number: str, document_id: UUID) -> ResponseReturnValue:
    """A document of this request that its customer may have: the application, the proof."""
    followed = _followed(number)
    if followed is None:
        return redirect(url_for("portal.track", number=number[:40]), 303)
    document = _fetched(followed, document_id)
    name = proof.name_of(followed.id) if document.kind == documents.Kind.PROOF else None
    return downloads.attachment(sessions.reading(), document, name)


@blueprint.post("/track/<number>/supply")
@access.customer
def supply_from_tracking(number: str) -> ResponseReturnValue:
    """From the status page to the page for sending documents."""
    followed = _followed(number)
    if followed is None:
        return redirect(url_for("portal.track", number=number[:40]), 303)
    return supply.enter(followed.id)


@blueprint.post("/track/<number>/about/<key>")
@access.customer
@limiter.limit("10/minute; 60/hour")
def begin_about(number: str, key: str) -> ResponseReturnValue:
    """Begin an application about this request, such as a complaint."""
    followed = _followed(number)
    if followed is None:
        return redirect(url_for("portal.track", number=number[:40]), 303)
    return catalogue.begin_draft(key, about=followed)


@blueprint.post("/track/<number>/leave")
@access.customer
def leave(number: str) -> ResponseReturnValue:
    """Close the request in this browser; the cookie is worth nothing from then on."""
    with sessions.writing() as writing:
        links.revoke(writing, Purpose.TRACKING, cookies.read(Purpose.TRACKING))
    normal = numbers.normalise(number) or ""
    response = redirect(url_for("portal.track"), 303)
    cookies.drop(response, Purpose.TRACKING, url_for("portal.status", number=normal))
    return response


def _asking(typed: str, problem: str | None = None) -> str:
    return render_template("portal/track.html", typed=typed[:40], problem=problem)


def _not_a_number() -> str:
    return str(_("This cannot be a request number. Compare it with your receipt."))


def _too_many() -> str:
    return str(
        _("Many people ask for this at the moment. Nothing is lost: try again in a few seconds.")
    )


def _try_to_issue(number: str) -> None:
    try:
        with sessions.writing() as writing:
            _issue(writing, number)
    except codes.TooManyCodesError:
        pass  # to say so would tell that the number, or its address, exists


def _issue(writing: Session, number: str) -> None:
    """The same work whether or not the request exists."""
    found = service_requests.by_number(writing, number)
    contact = _contact(writing, found)
    channel, address = contact or (letters.MAIL, None)
    newest = request_types.known(writing)
    version = found.request_type_version_id if found else newest[0].id if newest else None
    if version is None:
        return
    codes.issue(
        writing,
        purpose=PURPOSE,
        subject=_subject(number),
        channel=channel,
        address=address,
        locale=str(get_locale()),
        compose=letters.code(request_types.get(writing, version), channel),
        request_id=found.id if found else None,
    )


def _subject(number: str) -> str:
    """The number as this browser asks for it."""
    browser = session.setdefault(ASKER, secrets.token_urlsafe(16))
    return f"{number} {browser}"


def _contact(writing: Session, found: ServiceRequest | None) -> tuple[str, str] | None:
    """Channel and address of a verified contact, first of all one that the request states."""
    if found is None:
        return None
    request_type = request_types.get(writing, found.request_type_version_id)
    held = [
        contact
        for contact in customers.contacts(writing, found.customer_id)
        if letters.can_send_code(request_type, contact.kind)
    ]
    stated = {
        customers.normalised(kind, value)
        for kind, value in ((customers.EMAIL, found.email), (customers.PHONE, found.phone))
        if value
    }
    held.sort(key=lambda contact: contact.value not in stated)
    return (letters.CHANNELS[held[0].kind], held[0].value) if held else None


def _token(writing: Session, number: str, code: str) -> str | None:
    if not codes.check(writing, purpose=PURPOSE, subject=_subject(number), code=code):
        return None
    found = service_requests.by_number(writing, number)
    return links.issue(writing, Purpose.TRACKING, found.id, LIFETIME) if found else None


def _followed(number: str) -> ServiceRequest | None:
    """The request of this address, if this browser holds its cookie."""
    reading = sessions.reading()
    opened = links.redeem(reading, Purpose.TRACKING, cookies.read(Purpose.TRACKING))
    found = reading.get(ServiceRequest, opened) if opened else None
    return found if found is not None and found.number == numbers.normalise(number) else None


def _fetched(followed: ServiceRequest, document_id: UUID) -> Document:
    for document in documents.of_request(sessions.reading(), followed.id):
        if document.id == document_id and document.kind in FETCHED:
            return document
    raise NotFoundError(_("There is no such document."))
