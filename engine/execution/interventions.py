"""Interventions: what an operator does by hand to an instance, each with a reason in the history.

Every verb locks the instance first and refuses what no longer fits, so a second press changes
nothing. What was answered and done before stays as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, runtime
from engine.cases import history
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.execution import incidents, instances, status, waits
from engine.execution.instances import Locked
from engine.lifecycle import (
    IncidentState,
    InstanceState,
    JobState,
    RequestStatus,
    SubscriptionState,
    TimerState,
    UserTaskState,
)
from engine.store import (
    Account,
    Incident,
    Job,
    Message,
    MessageSubscription,
    ProcessInstance,
    Timer,
    UserTask,
    move,
)

Row = UserTask | Job | Timer | MessageSubscription
ENDED: Mapping[type[Row], str] = {
    UserTask: UserTaskState.COMPLETED,
    Job: JobState.COMPLETED,
    Timer: TimerState.TRIGGERED,
    MessageSubscription: SubscriptionState.RECEIVED,
}
CANCELLED_AS = frozenset({RequestStatus.WITHDRAWN, RequestStatus.REJECTED})
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """The wait that ended while the instance could not go on, and what it brought."""

    row: Row
    verb: Callable[..., runtime.Step]
    output: Mapping[str, object] | None  # None: a timer brings nothing


def suspend(session: Session, instance_id: UUID, *, by: str, note: str) -> None:
    """Let nothing of the instance go on until it is resumed. Raises ConflictError."""
    locked = instances.lock(session, instance_id)
    if locked.row.state is not InstanceState.ACTIVE:
        raise ConflictError(f"This case is {locked.row.state.value}; it cannot be suspended.")
    move(locked.row, InstanceState.SUSPENDED)
    _record(session, locked, "instance.suspended", by, note)


def resume(session: Session, instance_id: UUID, *, by: str, note: str) -> None:
    """Let a suspended instance go on; what fell due meanwhile follows. Raises ConflictError."""
    locked = instances.lock(session, instance_id)
    if locked.row.state is not InstanceState.SUSPENDED:
        raise ConflictError(f"This case is {locked.row.state.value}; it cannot be resumed.")
    if _halt_of(session, locked.row) is not None:
        raise ConflictError("The diagram stopped this case. Try the stopped step again instead.")
    move(locked.row, InstanceState.ACTIVE)
    _record(session, locked, "instance.resumed", by, note)


def cancel(session: Session, instance_id: UUID, *, by: str, note: str, end: RequestStatus) -> None:
    """End the instance here: its work is taken back, and the customer's request has `end`.

    Raises ConflictError for what is over, InvalidError for another end than CANCELLED_AS.
    """
    locked = instances.lock(session, instance_id)
    if end not in CANCELLED_AS:
        raise InvalidError("Choose whether the request is withdrawn or not accepted.")
    if locked.row.state not in (InstanceState.ACTIVE, InstanceState.SUSPENDED):
        raise ConflictError(f"This case is {locked.row.state.value} already.")
    move(locked.row, InstanceState.TERMINATED)
    locked.row.ended_at = clock.now()
    waits.write(session, locked.row, locked.request, (), None)
    _record(session, locked, "instance.cancelled", by, note)
    if locked.request is not None:
        status.change(session, locked.request, end, actor=by)
        locked.request.ended_at = clock.now()
    incidents.resolve_moot(session, locked.row)


def finish_job(
    session: Session, incident_id: UUID, output: Mapping[str, object], *, by: str, note: str
) -> None:
    """Complete a failed job by hand, with what it would have given; nothing is {}.

    Raises NotFoundError, and ConflictError if the incident is not an open one of a job.
    """
    incident = _open_incident(session, incident_id)
    if incident.job_id is None:
        raise ConflictError("This incident is not that of a job.")
    job, locked = instances.lock_of(session, Job, incident.job_id)
    incidents.resolve(session, incident_id, by=by, note=note)
    move(job, JobState.COMPLETED)
    job.output, job.finished_at = dict(output), clock.now()
    _record(session, locked, "job.completed_by_hand", by, note, job=job.type, output=dict(output))
    instances.advance(session, locked, runtime.complete, job.token_id, dict(output), actor=by)


def try_again(
    session: Session,
    incident_id: UUID,
    output: Mapping[str, object] | None = None,
    *,
    by: str,
    note: str,
) -> bool:
    """Take the step at which the diagram stopped the instance once more.

    `output` replaces what the ended wait had brought, if that is what was wrong. Returns whether
    the instance goes on; if not, it stands still again with a new incident. Raises NotFoundError,
    ConflictError.
    """
    incident = _open_incident(session, incident_id)
    locked = instances.lock(session, incident.process_instance_id)
    held = held_by(session, incident_id)
    brought = held.output if output is None else output
    incidents.resolve(session, incident_id, by=by, note=note)
    move(locked.row, InstanceState.ACTIVE)
    changed = brought != held.output
    data = {"before": held.output, "after": brought} if changed else {}
    _record(session, locked, "instance.tried_again", by, note, **data)
    arguments = () if held.output is None else (brought,)
    instances.advance(session, locked, held.verb, held.row.token_id, *arguments, actor=by)
    return locked.row.state is not InstanceState.SUSPENDED


def held_by(session: Session, incident_id: UUID) -> Held:
    """What the stopped step had been given. Raises NotFoundError, ConflictError."""
    incident = _open_incident(session, incident_id)
    instance = session.get_one(ProcessInstance, incident.process_instance_id)
    if instance.state is not InstanceState.SUSPENDED or incident.job_id is not None:
        raise ConflictError("The diagram did not stop this case, or it went on meanwhile.")
    tokens = [wait.token_id for wait in _waits(session, instance)]
    for table, state in ENDED.items():
        ended = select(table).where(
            table.process_instance_id == instance.id,
            table.token_id.in_(tokens),
            table.state == state,
        )
        row = session.scalars(ended.limit(1)).first()
        if isinstance(row, Row):
            return _held(session, row)
    raise ConflictError("Nothing of this case waits to be tried again. Cancel it, or resume it.")


def _held(session: Session, row: Row) -> Held:
    if isinstance(row, Timer):
        return Held(row, runtime.fire, None)
    if isinstance(row, Job):
        return Held(row, runtime.complete, row.output or {})
    if isinstance(row, MessageSubscription):
        return Held(row, runtime.receive, _payload(session, row))
    return Held(row, runtime.complete, _decided(session, row))


def _decided(session: Session, task: UserTask) -> Mapping[str, object]:
    """What `user_tasks.complete` handed on."""
    answers = dict(task.answers or {})
    result = str(task.details.get("result_variable") or "")
    if not result:
        return answers
    account = session.get(Account, task.completed_by_id) if task.completed_by_id else None
    return {result: {**answers, "completed_by": account.name if account else None}}


def _payload(session: Session, subscription: MessageSubscription) -> Mapping[str, object]:
    received = (
        select(Message.payload)
        .where(
            Message.process_instance_id == subscription.process_instance_id,
            Message.name == subscription.message,
            Message.correlation == subscription.correlation,
        )
        .order_by(Message.published_at.desc())
    )
    return session.scalar(received.limit(1)) or {}


def _waits(session: Session, instance: ProcessInstance) -> tuple[runtime.WaitState, ...]:
    locked = instances.lock(session, instance.id)
    return runtime.waiting(
        locked.request_type.process, locked.row.workflow_state, locked.functions
    )


def _open_incident(session: Session, incident_id: UUID) -> Incident:
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFoundError
    instances.lock(session, incident.process_instance_id)
    session.refresh(incident)
    if incident.state is not IncidentState.OPEN:
        raise ConflictError(f"{incident.resolved_by} has resolved this already.")
    return incident


def _halt_of(session: Session, instance: ProcessInstance) -> Incident | None:
    halts = select(Incident).where(
        Incident.process_instance_id == instance.id,
        Incident.state == IncidentState.OPEN,
        Incident.job_id.is_(None),
    )
    return session.scalar(halts.limit(1))


def _record(
    session: Session, locked: Locked, kind: str, by: str, note: str, **data: object
) -> None:
    if not note.strip():
        raise InvalidError("Give the reason: whoever looks at the history wants to know why.")
    if len(note) > MAX_NOTE:
        raise InvalidError(f"Give the reason in at most {MAX_NOTE} characters.")
    event = history.record(
        session,
        kind,
        actor=by,
        request_id=locked.row.service_request_id,
        instance_id=locked.row.id,
    )
    event.data = {"note": note.strip(), **data}
