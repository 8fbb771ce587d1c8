"""The public status of a case, derived from what its process waits for.

RECEIVED until somebody has worked on it; WAITING_FOR_CUSTOMER, or what the request type says,
while a message from the customer is waited for; REOPENED when people work again on what the
customer was asked to confirm; at the end RESOLVED, or what the request type says of that end.
"""

from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.definitions.request_types import RequestType
from engine.lifecycle import RequestStatus
from engine.runtime import Step, WaitKind
from engine.store import ServiceRequest, move

KEPT = frozenset({RequestStatus.RECEIVED, RequestStatus.REOPENED})


def follow(
    session: Session,
    request_type: RequestType,
    request: ServiceRequest | None,
    step: Step,
    *,
    actor: str,
) -> None:
    """Set the status that follows from a step, and record the change."""
    if request is None:
        return
    change(session, request, _status_of(request_type, request, step), actor=actor)
    if step.completed:
        request.ended_at = clock.now()


def taken_up(session: Session, request: ServiceRequest | None, *, actor: str) -> None:
    """Somebody began to work on the case."""
    if request is not None and request.state is RequestStatus.RECEIVED:
        change(session, request, RequestStatus.IN_PROGRESS, actor=actor)


def change(
    session: Session, request: ServiceRequest, target: RequestStatus, *, actor: str
) -> None:
    """Move the request to `target`, if it is not there, and record it."""
    if request.state is target:
        return
    before = request.state
    move(request, target)
    history.record(
        session,
        f"request.{target.value}",
        actor=actor,
        request_id=request.id,
        before=before.value,
    )


def _status_of(request_type: RequestType, request: ServiceRequest, step: Step) -> RequestStatus:
    if step.completed:
        return request_type.end_status(step.end_events[-1] if step.end_events else "")
    awaited = [wait for wait in step.waits if wait.kind is WaitKind.MESSAGE]
    if awaited:
        return request_type.wait_status(str(awaited[0].details["message"]))
    if request.state is RequestStatus.AWAITING_CONFIRMATION:
        again = any(wait.kind is WaitKind.USER_TASK for wait in step.waits)
        return RequestStatus.REOPENED if again else request.state
    if request.state in KEPT:
        return request.state
    return RequestStatus.IN_PROGRESS
