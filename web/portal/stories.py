"""A case in its customer's words: status, stage, promise, delays and what happened.

Only what is meant for the customer is told: no names of people, groups or elements.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.cases import history, numbers, progress
from engine.definitions.request_types import RequestType
from engine.lifecycle import RequestStatus
from engine.store import Customer, Delay, HistoryEvent, ServiceRequest
from web.portal import current, promises, wording

STATUS: Mapping[RequestStatus, LazyString] = {
    RequestStatus.RECEIVED: _l("We have received your request"),
    RequestStatus.IN_PROGRESS: _l("We are working on your request"),
    RequestStatus.WAITING_FOR_CUSTOMER: _l("We need something from you"),
    RequestStatus.RESOLVED: _l("Your request is done"),
    RequestStatus.AWAITING_CONFIRMATION: _l("Your request is done; please confirm it"),
    RequestStatus.CLOSED: _l("Your request is closed"),
    RequestStatus.REOPENED: _l("We are looking at your request again"),
    RequestStatus.WITHDRAWN: _l("You withdrew your request"),
    RequestStatus.REJECTED: _l("We could not accept your request"),
    RequestStatus.MERGED: _l("Your request goes on with another one"),
}
OVER = frozenset(
    {
        RequestStatus.RESOLVED,
        RequestStatus.AWAITING_CONFIRMATION,
        RequestStatus.CLOSED,
        RequestStatus.WITHDRAWN,
        RequestStatus.REJECTED,
        RequestStatus.MERGED,
    }
)
HAPPENED: Mapping[str, LazyString] = {
    "request.submitted": _l("You sent your application."),
    "request.in_progress": _l("We began to work on it."),
    "request.waiting_for_customer": _l("We asked you for something."),
    "request.resolved": _l("Your request was done."),
    "request.rejected": _l("Your request could not be accepted."),
    "request.withdrawn": _l("You withdrew your request."),
    "request.reopened": _l("We took your request up again."),
    "request.closed": _l("Your request was closed."),
    "documents.supplied": _l("You sent what we asked for."),
    "record.updated": _l("We changed your record."),
    "feedback.given": _l("You told us what you think."),
}
CHANNELS: Mapping[str, LazyString] = {
    "mail": _l("mail"),
    "sms": _l("SMS"),
    "whatsapp": _l("WhatsApp"),
}
NO_NEWS = frozenset({"escalation", "one_time_code"})  # templates of messages that tell nothing


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that happened, told to the customer."""

    at: datetime
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a status page says."""

    service: str
    cin: str
    contacts: list[str]  # where messages go, masked
    status: str
    status_text: str
    stage: str
    waiting_for: str
    is_over: bool
    submitted_at: datetime
    ended_at: datetime | None
    promise: promises.Promise
    delays: list[tuple[Delay, str]]
    chapters: list[Chapter]


def tell(session: Session, request_type: RequestType, request: ServiceRequest) -> Story:
    """The story of a request so far."""
    locale = current.locale(request_type)
    customer = session.get_one(Customer, request.customer_id)
    is_over = request.state in OVER
    return Story(
        service=request_type.name(locale),
        cin=numbers.display(customer.cin),
        contacts=wording.contacts(request),
        status=request.state.value,
        status_text=str(STATUS[request.state]),
        stage="" if is_over else _stage(session, request_type, request),
        waiting_for="" if is_over else _waiting_for(request),
        is_over=is_over,
        submitted_at=request.submitted_at,
        ended_at=request.ended_at,
        promise=promises.of(request),
        delays=[
            (delay, request_type.text(locale, f"reason.{delay.reason}", _("Another reason")))
            for delay in progress.delays(session, request)
        ],
        chapters=_chapters(session, request_type, request),
    )


def _stage(session: Session, request_type: RequestType, request: ServiceRequest) -> str:
    """What is going on, in the words of the request type."""
    texts = request_type.texts(current.locale(request_type))
    for element in progress.elements(session, request):
        if text := texts.get(f"stage.{element}"):
            return text
    return ""


def _waiting_for(request: ServiceRequest) -> str:
    if request.state is RequestStatus.WAITING_FOR_CUSTOMER:
        return str(_("It is your turn: we go on as soon as we have what we asked for."))
    return str(_("It is our turn; you need not do anything."))


def _chapters(
    session: Session, request_type: RequestType, request: ServiceRequest
) -> list[Chapter]:
    """What happened, newest first; one message on several channels is one piece of news."""
    told: list[Chapter] = []
    for is_message, events in groupby(history.timeline(session, request.id), _message_of):
        if is_message:
            told += _messages(list(events))
        else:
            chapters = (_chapter(request_type, event) for event in events)
            told += [chapter for chapter in chapters if chapter is not None]
    return told[::-1]


def _message_of(event: HistoryEvent) -> str | None:
    """The template of the message that was sent, None for anything else."""
    return str(event.data.get("template")) if event.kind == "correspondence.sent" else None


def _messages(events: Sequence[HistoryEvent]) -> list[Chapter]:
    """The sending of one message to the customer."""
    used = dict.fromkeys(str(event.data.get("channel")) for event in events)
    names = [str(CHANNELS[channel]) for channel in used if channel in CHANNELS]
    if _message_of(events[0]) in NO_NEWS or not names:
        return []
    text = _("We wrote to you by %(channels)s.", channels=", ".join(names))
    return [Chapter(events[0].occurred_at, str(text))]


def _chapter(request_type: RequestType, event: HistoryEvent) -> Chapter | None:
    if event.kind in HAPPENED:
        return Chapter(event.occurred_at, str(HAPPENED[event.kind]))
    teller = TELLERS.get(event.kind)
    return teller(request_type, event) if teller else None


def _document(request_type: RequestType, event: HistoryEvent) -> Chapter:
    label = wording.item_label(request_type, str(event.data.get("item") or "document"))
    reason = str(event.data.get("reason") or "")
    text = {
        "document.accepted": _("We accepted a document: %(label)s.", label=label),
        "document.rejected": _("We could not accept a document: %(label)s.", label=label),
        "document.unclear": _("We have a question about a document: %(label)s.", label=label),
    }[event.kind]
    return Chapter(event.occurred_at, str(text), reason)


def _delay(_type: RequestType, event: HistoryEvent) -> Chapter:
    return Chapter(
        event.occurred_at,
        str(_("We told you that it takes longer.")),
        str(event.data.get("text") or ""),
    )


TELLERS: Mapping[str, Callable[[RequestType, HistoryEvent], Chapter]] = {
    "document.accepted": _document,
    "document.rejected": _document,
    "document.unclear": _document,
    "request.delayed": _delay,
}
