"""Where a case stands, as its customer may know it: stage, what is asked for, delays."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.lifecycle import JobState, SubscriptionState, UserTaskState
from engine.store import (
    Delay,
    Job,
    MessageSubscription,
    ProcessInstance,
    ServiceRequest,
    UserTask,
)

SUPPLIED = "documents_supplied"  # the message that answers a request for more
WORKING = (UserTaskState.CREATED, UserTaskState.CLAIMED)
RUNNING = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer was asked for: items of the checklist, and why, in our words."""

    items: tuple[str, ...]
    note: str
    since: datetime


def elements(session: Session, request: ServiceRequest) -> list[str]:
    """The elements the case waits at: first the customer's part, then people's, then machines'."""
    waits = (
        (MessageSubscription, (SubscriptionState.OPEN,)),
        (UserTask, WORKING),
        (Job, RUNNING),
    )
    found: list[str] = []
    for row, states in waits:
        waiting = (
            select(row.element_id)
            .join(ProcessInstance, ProcessInstance.id == row.process_instance_id)
            .where(ProcessInstance.service_request_id == request.id, row.state.in_(states))
            .order_by(row.created_at)
        )
        found += session.scalars(waiting)
    return found


def asked(session: Session, request: ServiceRequest) -> Asked | None:
    """What we wait for from the customer; None if we do not."""
    awaited = (
        select(MessageSubscription)
        .join(ProcessInstance, ProcessInstance.id == MessageSubscription.process_instance_id)
        .where(
            ProcessInstance.service_request_id == request.id,
            MessageSubscription.message == SUPPLIED,
            MessageSubscription.correlation == request.number,
            MessageSubscription.state == SubscriptionState.OPEN,
        )
        .order_by(MessageSubscription.created_at.desc())
    )
    subscription = session.scalar(awaited.limit(1))
    if subscription is None:
        return None
    said = _last_decision(session, subscription)
    items = said.get("items")
    return Asked(
        tuple(str(item) for item in items) if isinstance(items, list) else (),
        str(said.get("note") or ""),
        subscription.created_at,
    )


def delays(session: Session, request: ServiceRequest) -> list[Delay]:
    """The delays that were declared, oldest first."""
    declared = select(Delay).where(Delay.service_request_id == request.id)
    return list(session.scalars(declared.order_by(Delay.declared_at)))


def _last_decision(session: Session, subscription: MessageSubscription) -> Mapping[str, object]:
    """The answers of the user task that led to the question."""
    decided = (
        select(UserTask.answers)
        .where(
            UserTask.process_instance_id == subscription.process_instance_id,
            UserTask.state == UserTaskState.COMPLETED,
            UserTask.answers.has_key("note"),
        )
        .order_by(UserTask.completed_at.desc())
    )
    return session.scalar(decided.limit(1)) or {}
