"""A case as its pages show it: everything worded, nothing left to decide for a template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import forms
from engine import feel, sla
from engine.cases import documents
from engine.cases.dossier import Dossier, Passed
from engine.definitions.request_types import RequestType
from engine.feel.errors import FeelError
from engine.store import Correspondence, Customer, Delay, Document, ServiceRequest
from web import i18n
from web.inbox import story
from web.wording import word

EVALUATE = forms.guarded(feel.evaluate, FeelError)
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One document with its place in the checklist and how it can be looked at."""

    row: Document
    label: str
    preview: str | None  # "image", "pdf" or None
    reviewable: bool


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder with the moment it begins."""

    number: int
    group: str
    due_at: datetime
    reached: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """The promise with its arithmetic."""

    duration: str
    rungs: Sequence[Rung]
    delays: Sequence[tuple[Delay, str]]  # with the reason in words


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the pages of a case show."""

    request: ServiceRequest
    title: str
    customer: Customer
    documents: Sequence[DocumentView]
    answers: Sequence[forms.Answer]
    clock: ClockView
    timeline: Sequence[story.Line]
    correspondence: Sequence[Correspondence]
    work: Sequence["WorkView"]
    done: Sequence[Passed]
    now: Sequence[Passed]
    diagram: Mapping[str, object]  # what the island reads
    about: ServiceRequest | None
    others: Sequence[ServiceRequest]

    @property
    def ended_at(self) -> datetime | None:
        """When the case was over."""
        return self.request.ended_at

    @property
    def in_time(self) -> bool:
        """Whether a finished case kept its first promise; ending exactly then is in time."""
        ended = self.request.ended_at
        return ended is not None and ended <= self.request.promised_at


@dataclass(frozen=True, slots=True)
class WorkView:
    """A task of the case with its name in the reader's language."""

    id: UUID
    title: str
    state: str
    groups: Sequence[str]
    holder: str | None
    due_at: datetime


def of(case: Dossier, locale: str) -> CaseView:
    """The case worded for a reader."""
    request_type = case.request_type
    names = {**_items(request_type, locale), **_names(case, locale)}
    return CaseView(
        request=case.request,
        title=request_type.name(locale),
        customer=case.customer,
        documents=[_document(document, request_type, locale) for document in case.documents],
        answers=_answers(case, locale),
        clock=_clock(case, locale),
        timeline=story.lines(case.history, names),
        correspondence=case.correspondence,
        work=[
            WorkView(w.id, names.get(w.element_id, w.name), w.state, w.groups, w.holder, w.due_at)
            for w in case.work
        ],
        done=_named(case.progress.done, names),
        now=_named(case.progress.now, names),
        diagram={
            "xml": request_type.diagram,
            "active": sorted({step.element_id for step in case.progress.now}),
            "completed": sorted({step.element_id for step in case.progress.done}),
        },
        about=case.about,
        others=case.others,
    )


def _items(request_type: RequestType, locale: str) -> dict[str, str]:
    """The names of the checklist's documents."""
    keys = (entry.item for entry in request_type.checklist)
    return {key: request_type.text(locale, f"document.{key}.label", key) for key in keys}


def _names(case: Dossier, locale: str) -> dict[str, str]:
    """The elements' names: translated where the bundle has a text, else as drawn."""
    drawn = {
        fact.element_id: str(fact.data["name"])
        for fact in case.history
        if fact.element_id and fact.data.get("name")
    }
    drawn |= {work.element_id: work.name for work in case.work}
    return {
        element: case.request_type.text(locale, f"{element}.name", name)
        for element, name in drawn.items()
    }


def _named(steps: Iterable[Passed], names: Mapping[str, str]) -> list[Passed]:
    """The steps that have a name; gateways and other silent elements say nothing to a reader."""
    return [
        Passed(step.element_id, names[step.element_id], step.at)
        for step in steps
        if step.element_id in names
    ]


def _document(document: Document, request_type: RequestType, locale: str) -> DocumentView:
    key = f"document.{document.item}.label"
    label = request_type.text(locale, key) if document.item else ""
    reviewable = document.kind in documents.FROM_CUSTOMER
    return DocumentView(document, label or word(document.kind), _preview(document), reviewable)


def _preview(document: Document) -> str | None:
    if document.media_type in IMAGES:
        return "image"
    return "pdf" if document.media_type == PDF else None


def _answers(case: Dossier, locale: str) -> Sequence[forms.Answer]:
    texts = case.request_type.texts(locale)
    form = case.request_type.application_form.translated(texts)
    return forms.answers(form, case.request.answers, EVALUATE, i18n.answer)


def _clock(case: Dossier, locale: str) -> ClockView:
    request, request_type = case.request, case.request_type
    policy = request_type.policy
    rungs = [
        Rung(
            level.number,
            level.group,
            sla.level_due(policy, request.submitted_at, level.number),
            request.escalation_level >= level.number,
        )
        for level in policy.levels
    ]
    reasons = [
        (delay, request_type.text(locale, f"reason.{delay.reason}", delay.reason))
        for delay in case.delays
    ]
    return ClockView(_duration(request, policy), rungs, reasons)


def _duration(request: ServiceRequest, policy: sla.Policy) -> str:
    """The promised time as it was promised, whatever the policy says today."""
    seconds = request.promise.get("duration")
    promised = timedelta(seconds=seconds) if isinstance(seconds, int | float) else policy.promised
    return i18n.duration(promised)
