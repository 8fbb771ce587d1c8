"""Numbers of the moment for monitors: how much waits, stands still or is late.

One statement that gives up after two seconds: a monitor may not slow down what it watches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    SQLColumnExpression,
    String,
    cast,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from engine import clock
from engine.execution.jobs import OFFER
from engine.lifecycle import (
    CorrespondenceState,
    IncidentState,
    InstanceState,
    JobState,
    TimerState,
    UserTaskState,
)
from engine.store import Correspondence, Incident, Job, ProcessInstance, Timer, UserTask

PATIENCE = "2s"
UNDONE = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE, JobState.FAILED)
UNSENT = (CorrespondenceState.QUEUED, CorrespondenceState.FAILED)
UNENDED = (InstanceState.ACTIVE, InstanceState.SUSPENDED)
OPEN = (UserTaskState.CREATED, UserTaskState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number; `first` and `second` are the labels its name has, in their order."""

    name: str
    first: str | None
    second: str | None
    value: float


def read(session: Session) -> Sequence[Gauge]:
    """All numbers as of now. Raises OperationalError if the database takes too long."""
    session.execute(text(f"set local statement_timeout = '{PATIENCE}'"))
    now = clock.now()
    late = now - OFFER
    parts = (
        _counted("jobs", Job.type, Job.state, Job.state.in_(UNDONE)),
        _counted("jobs_late", None, None, Job.state.in_(UNDONE[:3]) & (Job.due_at < late)),
        _counted("timers_late", None, None, _waits(late)),
        _lateness(now),
        _counted("incidents", Incident.kind, None, Incident.state == IncidentState.OPEN),
        _counted("cases", ProcessInstance.state, None, ProcessInstance.state.in_(UNENDED)),
        _queues(),
        _counted(
            "messages",
            Correspondence.channel,
            Correspondence.state,
            Correspondence.state.in_(UNSENT),
        ),
    )
    return [Gauge(*row) for row in session.execute(union_all(*parts))]


def _counted(
    name: str,
    first: SQLColumnExpression[Any] | None,
    second: SQLColumnExpression[Any] | None,
    condition: ColumnElement[bool],
) -> Select[*tuple[Any, ...]]:
    labels = [_label(first), _label(second)]
    groups = [column for column in (first, second) if column is not None]
    counted = select(literal(name), *labels, cast(func.count(), Float)).where(condition)
    return counted.group_by(*groups) if groups else counted


def _queues() -> Select[*tuple[Any, ...]]:
    """Open tasks by the queue they wait in; one that waits in two is counted in both."""
    queue = func.unnest(UserTask.candidate_groups).label("queue")
    waiting = select(queue, UserTask.state).where(UserTask.state.in_(OPEN)).subquery()
    return _counted("user_tasks", waiting.c.queue, waiting.c.state, literal(value=True))


def _lateness(now: datetime) -> Select[*tuple[Any, ...]]:
    """Seconds by which the latest timer is late."""
    seconds = func.extract("epoch", literal(now) - func.min(Timer.due_at))
    worst = func.greatest(func.coalesce(seconds, 0), 0)
    nothing = _label(None)
    return select(literal("timers_lateness_seconds"), nothing, nothing, cast(worst, Float)).where(
        Timer.state == TimerState.CREATED
    )


def _waits(late: datetime) -> ColumnElement[bool]:
    return (Timer.state == TimerState.CREATED) & (Timer.due_at < late)


def _label(column: SQLColumnExpression[Any] | None) -> ColumnElement[Any]:
    return cast(literal(None) if column is None else column, String)
