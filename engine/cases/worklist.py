"""What people at work see: queues with counts, cards of open tasks, a task beside its case.

Read side only: few statements, however long a list is, and nothing is locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.paging import Key, Page, page
from engine.errors import NotFoundError
from engine.lifecycle import RequestStatus, UserTaskState
from engine.store import Account, Customer, ProcessInstance, ServiceRequest, UserTask

PAGE_SIZE = 25
OPEN = (UserTaskState.CREATED, UserTaskState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Queue:
    """How much waits in a queue; None stands for what the account itself has taken."""

    group: str | None
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class Card:
    """A line of a list: one open task with what is needed to choose it."""

    id: UUID
    name: str
    element_id: str
    state: UserTaskState
    due_at: datetime
    groups: Sequence[str]
    assignee: str | None  # display name
    number: str | None  # of the request; None if the process runs without one
    customer: str | None
    status: RequestStatus | None
    level: int
    version_id: UUID | None  # of the request type


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task with its request and who holds it."""

    row: UserTask
    request: ServiceRequest | None
    holder: Account | None


def queues(session: Session, account: Account) -> list[Queue]:
    """The account's own work first, then its groups' queues in the account's order."""
    now = clock.now()
    late = func.count().filter(UserTask.due_at < now)
    mine = session.execute(select(func.count(), late).where(*_held_by(account))).one()
    waiting = (
        select(func.unnest(UserTask.candidate_groups).label("name"), UserTask.due_at)
        .where(UserTask.state == UserTaskState.CREATED)
        .where(UserTask.candidate_groups.overlap(account.groups))
        .subquery()
    )
    late_there = func.count().filter(waiting.c.due_at < now)
    counted = select(waiting.c.name, func.count(), late_there).group_by(waiting.c.name)
    found = {name: (open_, late_) for name, open_, late_ in session.execute(counted)}
    shared = [Queue(name, *found.get(name, (0, 0))) for name in account.groups]
    return [Queue(None, *mine), *shared]


def mine(
    session: Session, account: Account, *, after: Key | None = None, limit: int = PAGE_SIZE
) -> Page[Card]:
    """What the account has taken, the most urgent first."""
    return _cards(session, _held_by(account), after, limit)


def queue(
    session: Session, group: str, *, after: Key | None = None, limit: int = PAGE_SIZE
) -> Page[Card]:
    """What waits in a group's queue and nobody has taken, the most urgent first."""
    waiting = (
        UserTask.state == UserTaskState.CREATED,
        UserTask.candidate_groups.overlap([group]),
    )
    return _cards(session, waiting, after, limit)


def task(session: Session, task_id: UUID) -> OpenTask:
    """One task, open or not; raises NotFoundError."""
    found = session.execute(
        select(UserTask, ServiceRequest, Account)
        .join(ProcessInstance, ProcessInstance.id == UserTask.process_instance_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == ProcessInstance.service_request_id)
        .outerjoin(Account, Account.id == UserTask.assignee_id)
        .where(UserTask.id == task_id)
        .execution_options(populate_existing=True)  # after a conflict the truth is asked again
    ).one_or_none()
    if found is None:
        raise NotFoundError
    return OpenTask(*found)


def _held_by(account: Account) -> tuple[ColumnElement[bool], ...]:
    return (UserTask.state == UserTaskState.CLAIMED, UserTask.assignee_id == account.id)


def _cards(
    session: Session, conditions: Sequence[ColumnElement[bool]], after: Key | None, limit: int
) -> Page[Card]:
    place = tuple_(UserTask.due_at, UserTask.id)
    query = _listed().where(*conditions).order_by(UserTask.due_at, UserTask.id).limit(limit + 1)
    if after is not None:
        query = query.where(place > tuple_(after.moment, after.id))
    cards = [Card(*row) for row in session.execute(query)]
    return page(cards, limit, lambda card: Key(card.due_at, card.id))


def _listed() -> Select[*tuple[Any, ...]]:
    """The columns of Card, in its order."""
    return (
        select(
            UserTask.id,
            UserTask.name,
            UserTask.element_id,
            UserTask.state,
            UserTask.due_at,
            UserTask.candidate_groups,
            Account.display_name,
            ServiceRequest.number,
            Customer.name,
            ServiceRequest.state,
            func.coalesce(ServiceRequest.escalation_level, 0),
            ServiceRequest.request_type_version_id,
        )
        .join(ProcessInstance, ProcessInstance.id == UserTask.process_instance_id)
        .outerjoin(ServiceRequest, ServiceRequest.id == ProcessInstance.service_request_id)
        .outerjoin(Customer, Customer.id == ServiceRequest.customer_id)
        .outerjoin(Account, Account.id == UserTask.assignee_id)
    )
