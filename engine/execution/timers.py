"""Timers: due moments of timer events, one row each.

A timer that is not due costs nothing; the due ones are taken in bounded batches. Each fires
in a transaction of its own, so one that fails stops no other.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, runtime
from engine.cases import history
from engine.execution import instances
from engine.lifecycle import InstanceState, TimerState
from engine.store import ProcessInstance, Timer, move


def due(session: Session, limit: int) -> list[UUID]:
    """The timers whose moment has come, earliest first, at most `limit`."""
    late = (
        select(Timer.id)
        .join(ProcessInstance, ProcessInstance.id == Timer.process_instance_id)
        .where(Timer.state == TimerState.CREATED, Timer.due_at <= clock.now())
        .where(ProcessInstance.state == InstanceState.ACTIVE)
    )
    return list(session.scalars(late.order_by(Timer.due_at, Timer.id).limit(limit)))


def fire(session: Session, timer_id: UUID) -> bool:
    """Trigger one timer and let its instance go on; False if it is no longer due.

    A cycle's missed rounds collapse into this one; the runtime sets the next round.
    """
    timer, locked = instances.lock_of(session, Timer, timer_id)
    if not _is_due(timer, locked):
        return False
    move(timer, TimerState.TRIGGERED)
    timer.triggered_at = clock.now()
    history.record(
        session,
        "timer.triggered",
        actor=history.SYSTEM,
        request_id=locked.row.service_request_id,
        instance_id=locked.row.id,
        element_id=timer.element_id,
        due_at=timer.due_at.isoformat(),
    )
    instances.advance(session, locked, runtime.fire, timer.token_id)
    return True


def _is_due(timer: Timer, locked: instances.Locked) -> bool:
    return (
        timer.state is TimerState.CREATED
        and timer.due_at <= clock.now()
        and locked.row.state is InstanceState.ACTIVE
    )
