"""Supplying what was asked for: from the link in the message, or from the status page.

The cookie opens this page for one request. Sending twice what was sent once changes nothing: the
form carries a number of its own.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.cases import documents, history, links, locks, progress
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.definitions.request_types import ChecklistItem, RequestType
from engine.errors import NotFoundError
from engine.execution import messages
from engine.lifecycle import DocumentState
from engine.store import Document, ServiceRequest
from web import access, installation, sessions
from web.portal import cookies, files, wording
from web.portal.blueprint import blueprint
from web.portal.files import Received, Refused
from web.security import limiter

LIFETIME = timedelta(hours=2)
OTHER = ChecklistItem(item="other", required=False, max_files=5)
COMMENT_LENGTH = 2000  # characters
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class NoSupplyError(NotFoundError):
    """No request is open for sending documents in this browser."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An item we ask for, and what was wrong with what we have."""

    item: wording.Item
    reasons: list[str]


@blueprint.get("/supply/<token>")
@access.customer
@limiter.limit("30/minute")
def supply_link(token: str) -> ResponseReturnValue:
    """Show the button."""
    if links.redeem(sessions.reading(), Purpose.SUPPLY, token) is None:
        return render_template("portal/no_link.html"), 404
    return render_template("portal/supply_link.html")


@blueprint.post("/supply/<token>")
@access.customer
@limiter.limit("30/minute")
def open_supply(token: str) -> ResponseReturnValue:
    """Give the browser its cookie."""
    request_id = links.redeem(sessions.reading(), Purpose.SUPPLY, token)
    if request_id is None:
        return render_template("portal/no_link.html"), 404
    return enter(request_id)


@blueprint.get("/supply")
@access.customer
def supply() -> str:
    """What is asked for and why."""
    return _page(_served(), [], "")


@blueprint.post("/supply")
@access.customer
@limiter.limit("10/minute; 60/hour")
def send_supply() -> ResponseReturnValue:
    """Take files and comment together, or nothing at all, and let the case go on."""
    served = _served()
    comment = request.form.get("comment", "").strip().replace("\r\n", "\n")
    taken, problems = files.received(_rules(served))
    problems += _faults(taken, problems, comment)
    if problems:
        return _page(served, problems, comment), 422
    with sessions.writing() as session:
        _publish(session, served.id, taken, comment)
    return redirect(url_for("portal.supplied"), 303)


@blueprint.get("/supply/thanks")
@access.customer
def supplied() -> str:
    """Thank you, and what happens next."""
    return render_template("portal/supplied.html", number=_served().number)


def enter(request_id: UUID) -> ResponseReturnValue:
    """Open the page for one request to this browser."""
    with sessions.writing() as session:
        token = links.issue(session, Purpose.SUPPLYING, request_id, LIFETIME)
    response = redirect(url_for("portal.supply"), 303)
    cookies.keep(response, Purpose.SUPPLYING, token, LIFETIME, url_for("portal.supply"))
    return response


def wanted(
    request_type: RequestType, kept: Sequence[Document], asked: progress.Asked
) -> list[Wanted]:
    """What is asked for, item by item, with what was said of the documents we have."""
    return [
        Wanted(
            wording.item(request_type, rule),
            [
                document.reason
                for document in kept
                if document.item == rule.item
                and document.reason
                and document.state in {DocumentState.REJECTED, DocumentState.UNCLEAR}
            ],
        )
        for rule in _asked_rules(request_type, asked)
    ]


def _served() -> ServiceRequest:
    """The request this browser may send documents to."""
    reading = sessions.reading()
    opened = links.redeem(reading, Purpose.SUPPLYING, cookies.read(Purpose.SUPPLYING))
    found = reading.get(ServiceRequest, opened) if opened else None
    if found is None:
        raise NoSupplyError
    return found


def _rules(served: ServiceRequest) -> list[ChecklistItem]:
    reading = sessions.reading()
    asked = progress.asked(reading, served)
    request_type = request_types.get(reading, served.request_type_version_id)
    return _asked_rules(request_type, asked) if asked else []


def _asked_rules(request_type: RequestType, asked: progress.Asked) -> list[ChecklistItem]:
    """The checklist's rules for what is asked; what it does not know is `other`."""
    known = {rule.item: rule for rule in request_type.checklist}
    rules = {key: known.get(key, OTHER) for key in asked.items} or {OTHER.item: OTHER}
    return list({rule.item: rule for rule in rules.values()}.values())


def _faults(taken: list[Received], refused: list[Refused], comment: str) -> list[Refused]:
    faults = []
    for rule in {one.rule.item: one.rule for one in taken}.values():
        if sum(one.rule.item == rule.item for one in taken) > rule.max_files:
            text = _("No more than %(limit)s files fit here.", limit=rule.max_files)
            faults.append(Refused(rule.item, str(text)))
    if len(comment) > COMMENT_LENGTH:
        text = _("Write at most %(limit)s characters.", limit=COMMENT_LENGTH)
        faults.append(Refused("comment", str(text)))
    if not taken and not refused and not comment:
        text = _("Add a document, or tell us in the comment why you cannot.")
        faults.append(Refused("comment", str(text)))
    return faults


def _publish(session: Session, request_id: UUID, taken: list[Received], comment: str) -> None:
    """Keep the documents and tell the waiting case, once per form."""
    locks.hold(session, "supply", str(request_id))
    served = session.get_one(ServiceRequest, request_id)
    if progress.asked(session, served) is None:
        return  # sent already, from another page; nobody waits any more
    key = f"supply:{request_id}:{_nonce()}"
    stored = [
        _stored(session, request_id, one, f"{key}:{position}")
        for position, one in enumerate(taken)
    ]
    history.record(
        session,
        "documents.supplied",
        actor=history.CUSTOMER,
        request_id=request_id,
        documents=[str(document.id) for document in stored],
        comment=comment,
    )
    payload = {
        "documents": [str(document.id) for document in stored],
        "items": [str(document.item) for document in stored],
        "comment": comment,
    }
    messages.publish(
        session, progress.SUPPLIED, served.number, {"supplied": payload}, idempotency_key=key
    )


def _stored(session: Session, request_id: UUID, one: Received, key: str) -> Document:
    return documents.store(
        session,
        one.accepted.data,
        kind=documents.Kind.ATTACHMENT,
        name=one.accepted.name,
        media_type=one.accepted.media_type,
        request_id=request_id,
        item=one.rule.item,
        facts=one.facts,
        idempotency_key=key,
    )


def _nonce() -> str:
    given = request.form.get("form", "")
    return given if _NONCE.fullmatch(given) else secrets.token_urlsafe(16)


def _page(served: ServiceRequest, problems: list[Refused], comment: str) -> str:
    reading = sessions.reading()
    asked = progress.asked(reading, served)
    request_type = request_types.get(reading, served.request_type_version_id)
    kept = documents.of_request(reading, served.id)
    return render_template(
        "portal/supply.html",
        number=served.number,
        awaited=asked is not None,
        note=asked.note if asked else "",
        items=[
            (one, [problem.text for problem in problems if problem.item == one.item.key])
            for one in (wanted(request_type, kept, asked) if asked else [])
        ],
        comment=comment,
        comment_problems=[problem.text for problem in problems if problem.item == "comment"],
        comment_length=COMMENT_LENGTH,
        field=files.field,
        most_bytes=installation.current().settings.upload_max_bytes,
        form_number=secrets.token_urlsafe(16),
    )


@blueprint.errorhandler(NoSupplyError)
def _nothing_open(_error: NoSupplyError) -> ResponseReturnValue:
    return render_template("portal/no_link.html"), 404
