"""Process instances: start, lock, go on.

Whoever ends a wait state locks the instance first, lets the runtime step to the next wait
states and writes them in the same transaction. Nothing here commits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, select
from sqlalchemy.orm import Session

from engine import clock, runtime, sla
from engine.cases import history
from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.errors import ConflictError, NotFoundError
from engine.execution import incidents, status, waits
from engine.lifecycle import InstanceState
from engine.store import (
    Job,
    MessageSubscription,
    ProcessDefinition,
    ProcessInstance,
    ServiceRequest,
    Timer,
    UserTask,
    move,
)

Functions = Mapping[str, Callable[..., object]]
ADVICE = (
    "The case stands still at this element; what was answered so far is kept. Try the step again "
    "with corrected values or cancel the case (/operations); mend the diagram for the next cases."
)
R = TypeVar("R", UserTask, Job, Timer, MessageSubscription)


@dataclass(slots=True)
class Locked:
    """An instance whose row this transaction holds, with what a step needs."""

    row: ProcessInstance
    request_type: RequestType
    request: ServiceRequest | None
    open_waits: tuple[str, ...] | None = None  # waits.ALL_OPEN as read with the lock

    @property
    def functions(self) -> Functions:
        """What a diagram's expressions may ask beside FEEL's own functions."""
        if self.request is None:
            return {}
        return {"level": partial(_level, self.request_type.policy, self.request)}


def start(
    session: Session,
    request_type: RequestType,
    request: ServiceRequest | None,
    variables: Mapping[str, object],
) -> ProcessInstance:
    """Run a new instance to its first wait states."""
    instance = ProcessInstance(
        process_definition_id=_definition_id(session, request_type),
        service_request_id=request.id if request else None,
        started_at=clock.now(),
    )
    locked = Locked(instance, request_type, request, ())
    step = runtime.start(request_type.process, dict(variables), locked.functions)
    instance.workflow_state = step.state
    instance.serializer_version = step.serializer_version
    session.add(instance)
    session.flush()
    _record(session, locked, "instance.started")
    _write(session, locked, step, actor=history.SYSTEM)
    return instance


def lock(session: Session, instance_id: UUID) -> Locked:
    """Hold the instance's row to the end of the transaction; the first lock anybody takes.

    Raises NotFoundError.
    """
    by_id = _instance(ProcessInstance.id == bindparam("id"))
    instance, request_type = _hold(session, by_id, instance_id)
    request_id = instance.service_request_id
    request = (
        session.get_one(ServiceRequest, request_id, populate_existing=True) if request_id else None
    )
    return Locked(instance, request_type, request)


def lock_request(session: Session, request_id: UUID) -> None:
    """Hold every instance of a request, for what changes the request itself."""
    owned = select(ProcessInstance.id).where(ProcessInstance.service_request_id == request_id)
    session.execute(owned.order_by(ProcessInstance.id).with_for_update(key_share=True))


def lock_of(session: Session, table: type[R], row_id: UUID) -> tuple[R, Locked]:
    """Hold the instance of a wait state, then its row; both as they are now.

    The second statement begins after the lock is had, so it sees what its holder wrote before.
    Raises NotFoundError.
    """
    instance, request_type = _hold(session, _owner_of(table), row_id)
    facts = {
        "id": row_id,
        "request_id": instance.service_request_id,
        "instance_id": instance.id,
    }
    row, request, open_waits = session.execute(_row_of(table), facts).one()
    return row, Locked(instance, request_type, request, tuple(open_waits or ()))


@cache
def _row_of(table: type[R]) -> Select[R, ServiceRequest | None, list[str] | None]:
    """A wait state with the case, built once: these statements are part of every step."""
    return (
        select(table, ServiceRequest, waits.ALL_OPEN)
        .outerjoin(ServiceRequest, ServiceRequest.id == bindparam("request_id", type_=Uuid))
        .where(table.id == bindparam("id"))
        .with_for_update(of=table, key_share=True)
        .execution_options(populate_existing=True)
    )


@cache
def _owner_of(table: type[R]) -> Select[ProcessInstance, UUID]:
    owner = select(table.process_instance_id).where(table.id == bindparam("id"))
    return _instance(ProcessInstance.id == owner.scalar_subquery())


def _instance(condition: ColumnElement[bool]) -> Select[ProcessInstance, UUID]:
    return (
        select(ProcessInstance, ProcessDefinition.request_type_version_id)
        .join(ProcessDefinition)
        .where(condition)
        .with_for_update(of=ProcessInstance, key_share=True)
        .execution_options(populate_existing=True)
    )


def _hold(
    session: Session, statement: Select[ProcessInstance, UUID], row_id: UUID
) -> tuple[ProcessInstance, RequestType]:
    found = session.execute(statement, {"id": row_id}).one_or_none()
    if found is None:
        raise NotFoundError
    instance, version_id = found
    return instance, request_types.get(session, version_id)


def advance(
    session: Session,
    locked: Locked,
    verb: Callable[..., runtime.Step],
    *arguments: object,
    actor: str = history.SYSTEM,
) -> None:
    """Let a locked instance go on by a verb of the runtime and write its next wait states.

    `arguments` stand between the state and the functions in the verb's own order. What the
    runtime refuses (a gateway without a way out, an instance grown too large) becomes an
    incident: the instance stands still, what was answered is kept. Raises ConflictError if it
    is not running, and UncaughtBpmnError for a thrown error that nobody catches.
    """
    if locked.row.state is not InstanceState.ACTIVE:
        raise ConflictError(f"This case is {locked.row.state.value}; its work cannot go on.")
    try:
        step = verb(
            locked.request_type.process,
            locked.row.workflow_state,
            *arguments,
            locked.functions,
        )
    except runtime.RuntimeStepError as error:
        if verb is runtime.throw_error and isinstance(error, runtime.UncaughtBpmnError):
            raise
        _halt(session, locked, error)
        return
    _write(session, locked, step, actor=actor)


def _write(session: Session, locked: Locked, step: runtime.Step, *, actor: str) -> None:
    instance = locked.row
    instance.workflow_state = step.state
    instance.serializer_version = step.serializer_version
    known_open, locked.open_waits = locked.open_waits, None  # a further step asks anew
    has_cancelled = waits.write(session, instance, locked.request, step.waits, known_open)
    for passage in step.passages:
        _record_passage(session, locked, passage)
    status.follow(session, locked.request_type, locked.request, step, actor=actor)
    if step.completed:
        move(instance, InstanceState.COMPLETED)
        instance.ended_at = clock.now()
        _record(session, locked, "instance.completed", ends=list(step.end_events))
    if has_cancelled or step.completed:
        incidents.resolve_moot(session, instance)
    session.flush()


def _halt(session: Session, locked: Locked, error: runtime.RuntimeStepError) -> None:
    move(locked.row, InstanceState.SUSPENDED)
    incidents.open_incident(
        session,
        locked.row,
        kind=error.code,
        message=str(error),
        advice=ADVICE,
        element_id=str(error.facts.get("element") or "") or None,
    )


def _record_passage(session: Session, locked: Locked, passage: runtime.Passage) -> None:
    if passage.event == "entered" and passage.kind in QUIET:
        return
    _record(
        session,
        locked,
        f"element.{passage.event}",
        element_id=passage.element_id,
        name=passage.name,
        type=passage.kind,
    )


def _record(
    session: Session, locked: Locked, kind: str, *, element_id: str | None = None, **data: object
) -> None:
    event = history.record(
        session,
        kind,
        actor=history.SYSTEM,
        request_id=locked.row.service_request_id,
        instance_id=locked.row.id,
        element_id=element_id,
    )
    event.data = data


def _definition_id(session: Session, request_type: RequestType) -> UUID:
    found = select(ProcessDefinition.id).where(
        ProcessDefinition.request_type_version_id == request_type.id,
        ProcessDefinition.process_id == request_type.process_id,
    )
    return session.scalars(found).one()


def _level(policy: sla.Policy, request: ServiceRequest, number: object) -> object:
    return sla.level_due(policy, request.submitted_at, int(str(number)))


# Entering these says nothing that completing them does not say as well.
QUIET = frozenset({"startEvent", "endEvent", "exclusiveGateway", "parallelGateway", "scriptTask"})
