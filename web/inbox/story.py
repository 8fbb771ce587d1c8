"""The history of a case in sentences; steps of the diagram are told by the diagram's list."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.cases import history
from engine.store import HistoryEvent
from web.wording import spoken, word

SENTENCES: Mapping[str, LazyString] = {
    "request.submitted": _l("The application was sent in"),
    "request.in_progress": _l("The request is in progress"),
    "request.waiting_for_customer": _l("The customer was asked for more"),
    "request.resolved": _l("The request was resolved"),
    "request.rejected": _l("The request was not accepted"),
    "request.delayed": _l("A delay was declared: %(text)s"),
    "request.escalated": _l("Escalated to level %(level)s, %(group)s"),
    "user_task.claimed": _l("Took “%(name)s”"),
    "user_task.released": _l("Gave “%(name)s” back"),
    "user_task.completed": _l("Completed “%(name)s”"),
    "element.cancelled": _l("No longer needed: “%(name)s”"),
    "document.read": _l("Looked at %(name)s"),
    "document.accepted": _l("Accepted %(name)s"),
    "document.rejected": _l("Rejected %(name)s: %(reason)s"),
    "document.unclear": _l("Called %(name)s unclear: %(reason)s"),
    "correspondence.sent": _l("Message sent: %(template)s by %(channel)s"),
    "correspondence.failed": _l("A message could not be sent: %(template)s by %(channel)s"),
    "correspondence.queued_again": _l("A message was queued again: %(template)s"),
    "message.received": _l("Something arrived that the case waited for"),
    "incident.opened": _l("Stopped: %(message)s"),
    "incident.resolved": _l("The stop was resolved: %(note)s"),
    "record.updated": _l("The customer's record was changed"),
    "satisfaction.stated": _l(
        "The customer was asked whether it is right: %(answer)s. %(comment)s"
    ),
    "request.awaiting_confirmation": _l("The customer was asked whether it is right now"),
    "request.reopened": _l("The request was opened again"),
    "request.closed": _l("The request was closed"),
    "feedback.given": _l("The customer rated the service: %(rating)s of 5"),
    "instance.started": _l("The process began"),
    "instance.completed": _l("The process ended"),
    "instance.suspended": _l("Suspended by hand: %(note)s"),
    "instance.resumed": _l("Resumed by hand: %(note)s"),
    "instance.cancelled": _l("Cancelled by hand: %(note)s"),
    "instance.tried_again": _l("The stopped step was tried again: %(note)s"),
    "job.completed_by_hand": _l("The job “%(job)s” was completed by hand: %(note)s"),
    "variables.read": _l("Looked at the variables"),
    "request.withdrawn": _l("The request was withdrawn"),
}
QUIET = ("element.", "timer.")  # told by the list of steps
WORDED = frozenset({"group", "channel"})


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in words."""

    at: datetime
    actor: str
    text: str
    kind: str


def lines(facts: Iterable[HistoryEvent], names: Mapping[str, str]) -> list[Line]:
    """The facts worth telling, oldest first; who looks at a document again is told once a day."""
    told: dict[tuple[object, ...], Line] = {}
    for fact in facts:
        if _is_told(fact):
            line = Line(fact.occurred_at, _actor(fact.actor), _sentence(fact, names), fact.kind)
            told.setdefault(_once(fact), line)
    return list(told.values())


def _is_told(fact: HistoryEvent) -> bool:
    """Whether it is news: of the steps only work for people that was dropped is."""
    if fact.kind == "element.cancelled":
        return fact.data.get("type") == "userTask"
    return not fact.kind.startswith(QUIET)


def _once(fact: HistoryEvent) -> tuple[object, ...]:
    """What makes two facts one line; every fact but a look stands for itself."""
    if fact.kind != "document.read":
        return (fact.id,)
    return (fact.actor, fact.data.get("document"), fact.occurred_at.date())


def _sentence(fact: HistoryEvent, names: Mapping[str, str]) -> str:
    known: defaultdict[str, str] = defaultdict(str)
    for key, value in fact.data.items():
        known[key] = word(value) if key in WORDED else str(value)
    known["template"] = spoken(known["template"])
    item = names.get(known["item"], known["item"])
    known["name"] = names.get(fact.element_id or "") or known["name"] or item
    sentence = SENTENCES.get(fact.kind)
    return str(str(sentence) % known) if sentence else word(fact.kind.replace(".", " "))


def _actor(name: str) -> str:
    known = {history.SYSTEM: _("System"), history.CUSTOMER: _("Customer")}
    return str(known.get(name, name))
