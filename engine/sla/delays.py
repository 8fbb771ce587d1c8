"""Declared delays: reason, words for the customer and a new date, or nothing is saved (R13)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.errors import InvalidError
from engine.execution import instances, user_tasks
from engine.store import Delay, ServiceRequest, held


def declare(
    session: Session,
    request_id: UUID,
    *,
    reason: str,
    text: str,
    due_at: datetime,
    by: str,
    key: str,
) -> Delay:
    """Move the due moment and keep why; the first promise stays beside it.

    Under a `key` that was used before, returns the delay of that time. Raises InvalidError
    without a reason or text, or for a date that is not in the future.
    """
    instances.lock_request(session, request_id)
    known = select(Delay).where(Delay.idempotency_key == key)
    request = held(session, ServiceRequest, request_id)
    if (delay := session.scalar(known)) is not None:
        return delay
    _check(reason, text, due_at)
    delay = Delay(
        idempotency_key=key,
        service_request_id=request.id,
        reason=reason,
        text=text.strip(),
        due_before=request.due_at,
        due_after=due_at,
        declared_at=clock.now(),
        declared_by=by,
    )
    session.add(delay)
    request.due_at = due_at
    user_tasks.move_due(session, request)
    history.record(
        session,
        "request.delayed",
        actor=by,
        request_id=request.id,
        reason=reason,
        text=delay.text,
        due_before=delay.due_before.isoformat(),
        due_after=due_at.isoformat(),
    )
    return delay


def of_request(session: Session, request_id: UUID) -> list[Delay]:
    """The declared delays of a case, oldest first."""
    declared = select(Delay).where(Delay.service_request_id == request_id)
    return list(session.scalars(declared.order_by(Delay.declared_at)))


def _check(reason: str, text: str, due_at: datetime) -> None:
    if not reason or not text.strip():
        raise InvalidError("A delay needs a reason and words for the customer.")
    if due_at <= clock.now():
        raise InvalidError("The new date must lie in the future.")
