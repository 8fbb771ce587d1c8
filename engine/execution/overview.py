"""What operators look at: counts that ask for attention, and lists of what runs and stands still.

Only reading, page by page. No answer of a customer is in a line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine import clock
from engine.cases.paging import Key, Page, page
from engine.execution.jobs import OFFER
from engine.lifecycle import (
    CorrespondenceState,
    IncidentState,
    InstanceState,
    JobState,
    TimerState,
)
from engine.store import (
    Correspondence,
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
    RequestTypeVersion,
    ServiceRequest,
    Timer,
)

PAGE_SIZE = 25
WAITING = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE)


@dataclass(frozen=True, slots=True)
class Line:
    """An incident, job, timer or instance in a list."""

    id: UUID
    at: datetime  # opened, due or started, by which the list is ordered
    state: str
    kind: str  # of the incident, or the job's type
    element_id: str | None
    text: str | None  # what went wrong
    instance_id: UUID
    number: str | None
    request_type: str


def counts(session: Session) -> Mapping[str, int]:
    """How many want attention, by name: one statement."""
    now = clock.now()
    parts = {
        "incidents": (Incident, Incident.state == IncidentState.OPEN),
        "jobs_failed": (Job, Job.state == JobState.FAILED),
        "jobs_retrying": (Job, Job.state == JobState.RETRYABLE),
        "jobs_late": (Job, Job.state.in_(WAITING) & (Job.due_at < now - OFFER)),
        "timers_late": (Timer, (Timer.state == TimerState.CREATED) & (Timer.due_at < now - OFFER)),
        "suspended": (ProcessInstance, ProcessInstance.state == InstanceState.SUSPENDED),
        "active": (ProcessInstance, ProcessInstance.state == InstanceState.ACTIVE),
        "messages_failed": (
            Correspondence,
            Correspondence.state == CorrespondenceState.FAILED,
        ),
    }
    counted = union_all(
        *(
            select(literal(name), func.count()).select_from(table).where(condition)
            for name, (table, condition) in parts.items()
        )
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def incidents(
    session: Session, *, state: IncidentState = IncidentState.OPEN, after: Key | None = None
) -> Page[Line]:
    """Incidents, the newest first."""
    columns = (Incident.kind, Incident.element_id, Incident.message)
    query = _listed(Incident, Incident.opened_at, columns).where(Incident.state == state)
    return _page(session, query, Incident.opened_at, Incident.id, after)


def jobs(session: Session, *, state: JobState, after: Key | None = None) -> Page[Line]:
    """Jobs in a state, those due last first."""
    query = _listed(Job, Job.due_at, (Job.type, Job.element_id, Job.last_error))
    return _page(session, query.where(Job.state == state), Job.due_at, Job.id, after)


def timers(session: Session, *, after: Key | None = None) -> Page[Line]:
    """Timers to come, the earliest (and so the late ones) first."""
    columns = (literal("timer"), Timer.element_id, Timer.expression)
    query = _listed(Timer, Timer.due_at, columns).where(Timer.state == TimerState.CREATED)
    return _page(session, query, Timer.due_at, Timer.id, after, newest_first=False)


def instances(
    session: Session,
    *,
    state: InstanceState | None = None,
    request_type: str = "",
    number: str = "",
    after: Key | None = None,
) -> Page[Line]:
    """Process instances, the newest first."""
    nothing: tuple[ColumnElement[Any], ...] = (literal(""), literal(None), literal(None))
    query = _listed(ProcessInstance, ProcessInstance.started_at, nothing)
    if state is not None:
        query = query.where(ProcessInstance.state == state)
    if request_type:
        query = query.where(RequestTypeVersion.key == request_type)
    if number:
        query = query.where(ServiceRequest.number == number)
    return _page(session, query, ProcessInstance.started_at, ProcessInstance.id, after)


def _listed(
    table: type[Incident | Job | Timer | ProcessInstance],
    at: InstrumentedAttribute[datetime],
    columns: tuple[Any, ...],
) -> Select[*tuple[Any, ...]]:
    """The columns of Line, in its order."""
    query = select(
        table.id,
        at,
        table.state,
        *columns,
        ProcessInstance.id,
        ServiceRequest.number,
        RequestTypeVersion.key,
    ).select_from(table)
    if table is not ProcessInstance:
        query = query.join(ProcessInstance, ProcessInstance.id == _owner(table))
    return (
        query.join(
            ProcessDefinition, ProcessDefinition.id == ProcessInstance.process_definition_id
        )
        .join(RequestTypeVersion)
        .outerjoin(ServiceRequest, ServiceRequest.id == ProcessInstance.service_request_id)
    )


def _owner(table: type[Any]) -> ColumnElement[UUID]:
    owner: ColumnElement[UUID] = table.process_instance_id
    return owner


def _page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[UUID],
    after: Key | None,
    *,
    newest_first: bool = True,
) -> Page[Line]:
    place = tuple_(at, row_id)
    if after is not None:
        last = tuple_(after.moment, after.id)
        query = query.where(place < last if newest_first else place > last)
    order = (at.desc(), row_id.desc()) if newest_first else (at, row_id)
    rows = session.execute(query.order_by(*order).limit(PAGE_SIZE + 1))
    lines = [Line(*row) for row in rows]
    return page(lines, PAGE_SIZE, lambda line: Key(line.at, line.id))
