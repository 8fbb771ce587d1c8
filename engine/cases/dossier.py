"""A case as staff read it: all that is known of one request, in a bounded number of reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session

from engine.cases import correspondence, documents, history
from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.execution.waits import OPEN
from engine.lifecycle import UserTaskState
from engine.sla import delays
from engine.store import (
    Account,
    Correspondence,
    Customer,
    Delay,
    Document,
    HistoryEvent,
    Job,
    MessageSubscription,
    ProcessInstance,
    ServiceRequest,
    UserTask,
)

BLOCKING = (UserTask, Job, MessageSubscription)  # where a token stands; boundary timers hold none


@dataclass(frozen=True, slots=True)
class Work:
    """One task of the case."""

    id: UUID
    name: str
    element_id: str
    state: UserTaskState
    due_at: datetime
    groups: Sequence[str]
    holder: str | None


@dataclass(frozen=True, slots=True)
class Passed:
    """An element a token stands in, or has left."""

    element_id: str
    name: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the case stands in its diagram, in the order things happened."""

    done: tuple[Passed, ...]
    now: tuple[Passed, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """The case whole."""

    request: ServiceRequest
    request_type: RequestType
    customer: Customer
    documents: Sequence[Document]
    correspondence: Sequence[Correspondence]
    history: Sequence[HistoryEvent]
    delays: Sequence[Delay]
    work: Sequence[Work]
    progress: Progress
    about: ServiceRequest | None  # the request this one is about
    others: Sequence[ServiceRequest]  # those that are about this one


def of_request(session: Session, request: ServiceRequest) -> Dossier:
    """Everything that is known of a request."""
    facts = history.timeline(session, request.id)
    return Dossier(
        request=request,
        request_type=request_types.get(session, request.request_type_version_id),
        customer=session.get_one(Customer, request.customer_id),
        documents=documents.of_request(session, request.id),
        correspondence=correspondence.for_request(session, request.id),
        history=facts,
        delays=delays.of_request(session, request.id),
        work=_work(session, request.id),
        progress=_progress(session, request.id, facts),
        about=_about(session, request),
        others=session.scalars(_others(request.id)).all(),
    )


def _about(session: Session, request: ServiceRequest) -> ServiceRequest | None:
    linked = request.about_request_id
    return session.get(ServiceRequest, linked) if linked else None


def _others(request_id: UUID) -> Select[ServiceRequest]:
    linked = select(ServiceRequest).where(ServiceRequest.about_request_id == request_id)
    return linked.order_by(ServiceRequest.submitted_at)


def progress(session: Session, request_id: UUID) -> Progress:
    """Where a case stands in its diagram, without anything else about it."""
    return _progress(session, request_id, history.timeline(session, request_id))


def _progress(session: Session, request_id: UUID, facts: Sequence[HistoryEvent]) -> Progress:
    return Progress(_done(facts), _now(session, request_id))


def _work(session: Session, request_id: UUID) -> list[Work]:
    """The tasks of the case that were ever open, the newest last."""
    found = (
        select(
            UserTask.id,
            UserTask.name,
            UserTask.element_id,
            UserTask.state,
            UserTask.due_at,
            UserTask.candidate_groups,
            Account.display_name,
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.process_instance_id)
        .outerjoin(Account, Account.id == UserTask.assignee_id)
        .where(ProcessInstance.service_request_id == request_id)
        .order_by(UserTask.created_at, UserTask.id)
    )
    return [Work(*row) for row in session.execute(found)]


def _done(facts: Sequence[HistoryEvent]) -> tuple[Passed, ...]:
    """The steps that are behind the case; gateways and nameless events say nothing to a reader."""
    return tuple(
        Passed(fact.element_id, str(fact.data.get("name") or ""), fact.occurred_at)
        for fact in facts
        if fact.kind == "element.completed" and fact.element_id
    )


def _now(session: Session, request_id: UUID) -> tuple[Passed, ...]:
    """The elements that hold a token now, in one statement."""
    parts = [_standing(table, request_id) for table in BLOCKING]
    found = session.execute(union_all(*parts).order_by("created_at"))
    return tuple(Passed(element_id, name, at) for element_id, name, at in found)


def _standing(
    table: type[UserTask | Job | MessageSubscription], request_id: UUID
) -> Select[*tuple[Any, ...]]:
    name = UserTask.name if table is UserTask else literal("").label("name")
    return (
        select(table.element_id, name, table.created_at)
        .join(ProcessInstance, ProcessInstance.id == table.process_instance_id)
        .where(ProcessInstance.service_request_id == request_id)
        .where(table.state.in_(OPEN[table]))
    )
