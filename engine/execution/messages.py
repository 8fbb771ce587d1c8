"""Messages: what the outside world says to a waiting instance.

A message that nobody waits for yet is kept until somebody does or its time is over, so one
that comes early is not lost. An idempotency key makes a repeated delivery harmless.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from engine import clock, runtime
from engine.cases import history
from engine.execution import instances
from engine.lifecycle import InstanceState, MessageState, SubscriptionState
from engine.store import Message, MessageSubscription, ProcessInstance, hold, move

KEPT = timedelta(days=30)


def publish(
    session: Session,
    name: str,
    correlation: str,
    payload: Mapping[str, object],
    *,
    idempotency_key: str | None = None,
    actor: str = history.CUSTOMER,
) -> Message:
    """Keep a message and deliver it at once if an instance waits for it.

    A key that was used before returns the message of that time and does nothing else.
    """
    written = insert(Message).values(
        name=name,
        correlation=correlation,
        payload=dict(payload),
        idempotency_key=idempotency_key,
        published_at=clock.now(),
        expires_at=clock.now() + KEPT,
    )
    unique = written.on_conflict_do_nothing(index_elements=[Message.idempotency_key])
    message: Message | None = session.scalar(unique.returning(Message))
    if message is None:
        known = select(Message).where(Message.idempotency_key == idempotency_key)
        return session.scalars(known).one()
    _deliver(session, message, actor)
    return message


def is_awaited(session: Session, name: str, correlation: str) -> bool:
    """Whether an instance waits for this message now."""
    return _subscriber(session, name, correlation) is not None


def deliverable(session: Session, limit: int) -> list[UUID]:
    """Kept messages that an instance waits for by now: the oldest of each kind for each."""
    matching = (
        select(Message.id)
        .join(
            MessageSubscription,
            (MessageSubscription.message == Message.name)
            & (MessageSubscription.correlation == Message.correlation),
        )
        .join(ProcessInstance, ProcessInstance.id == MessageSubscription.process_instance_id)
        .where(Message.state == MessageState.WAITING, Message.expires_at > clock.now())
        .where(MessageSubscription.state == SubscriptionState.OPEN)
        .where(ProcessInstance.state == InstanceState.ACTIVE)
        .ext(distinct_on(Message.name, Message.correlation))
        .order_by(Message.name, Message.correlation, Message.published_at)
    )
    return list(session.scalars(matching.limit(limit)))


def deliver(session: Session, message_id: UUID) -> bool:
    """Deliver a kept message; False if by now it is delivered or nobody waits for it."""
    return _deliver(session, session.get_one(Message, message_id), history.SYSTEM)


def expire(session: Session) -> None:
    """Let go of messages nobody waited for in time."""
    over = update(Message).where(
        Message.state == MessageState.WAITING, Message.expires_at <= clock.now()
    )
    session.execute(over.values(state=MessageState.EXPIRED))


def _deliver(session: Session, message: Message, actor: str) -> bool:
    subscription = _subscriber(session, message.name, message.correlation)
    if subscription is None:
        return False
    subscription, locked = instances.lock_of(session, MessageSubscription, subscription.id)
    hold(session, message)
    if (
        subscription.state is not SubscriptionState.OPEN
        or message.state is not MessageState.WAITING
    ):
        return False
    move(subscription, SubscriptionState.RECEIVED)
    move(message, MessageState.DELIVERED)
    message.process_instance_id = locked.row.id
    history.record(
        session,
        "message.received",
        actor=actor,
        request_id=locked.row.service_request_id,
        instance_id=locked.row.id,
        element_id=subscription.element_id,
        message=message.name,
    )
    verb, token = runtime.receive, subscription.token_id
    instances.advance(session, locked, verb, token, message.payload, actor=actor)
    return True


def _subscriber(session: Session, name: str, correlation: str) -> MessageSubscription | None:
    waiting = (
        select(MessageSubscription)
        .join(ProcessInstance, ProcessInstance.id == MessageSubscription.process_instance_id)
        .where(
            MessageSubscription.message == name,
            MessageSubscription.correlation == correlation,
            MessageSubscription.state == SubscriptionState.OPEN,
            ProcessInstance.state == InstanceState.ACTIVE,
        )
        .order_by(MessageSubscription.created_at)
    )
    return session.scalar(waiting.limit(1))
