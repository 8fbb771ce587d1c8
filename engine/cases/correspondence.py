"""Correspondence: what is said to customers and colleagues, one row per message and channel.

The row is the truth: it is written with what caused it, and a worker sends it afterwards, under
a lease. The idempotency key makes sure a message is written once; `attempts` is the fencing
token of the sender. Nothing here commits.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.cases.links import TOKEN_LENGTH
from engine.lifecycle import CorrespondenceState
from engine.store import Correspondence, Draft, ServiceRequest, held, move

LEASE = timedelta(minutes=5)
OFFER = timedelta(seconds=10)  # how long a hint may take before the sweeper repeats it
BACKOFF = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
MOST_TRIES = 20  # lost senders included: a machine that restarts often is no fault of the message
CODE_LIFETIME = timedelta(minutes=10)  # a one-time code that comes later only confuses
_DIGITS = re.compile(r"\d{4,}")
_TOKEN = re.compile(rf"(?<=/)[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}(?![A-Za-z0-9_-])")


def queue(
    session: Session,
    *,
    key: str,
    channel: str,
    address: str,
    template: str,
    locale: str,
    body: str,
    subject: str | None = None,
    html: str | None = None,
    request_id: UUID | None = None,
    draft_id: UUID | None = None,
    attachments: Iterable[UUID] = (),
    registration: Mapping[str, object] | None = None,
    masked: bool = False,
) -> Correspondence:
    """Write a message to be sent; under a key that exists already, return that message.

    `masked` says that it holds a one-time code, which nobody may read in the outbox.
    """
    now = clock.now()
    written = insert(Correspondence).values(
        idempotency_key=key,
        channel=channel,
        address=address,
        template=template,
        locale=locale,
        subject=subject,
        body=body,
        html=html,
        service_request_id=request_id,
        draft_id=draft_id,
        attachments=[str(document) for document in attachments],
        registration=dict(registration or {}),
        masked=masked,
        thread_id=_thread(session, request_id, draft_id),
        created_at=now,
        due_at=now,
    )
    fresh = session.scalar(written.on_conflict_do_nothing().returning(Correspondence.id))
    if fresh is not None:
        session.info.setdefault("correspondence", []).append(fresh)
    return session.scalars(_where(Correspondence.idempotency_key == key)).one()


def for_request(session: Session, request_id: UUID) -> list[Correspondence]:
    """All messages of a case, oldest first."""
    return list(session.scalars(_where(Correspondence.service_request_id == request_id)))


def written_for(session: Session, owner: UUID) -> list[Correspondence]:
    """The messages whose key begins with `owner`: those of one job."""
    return list(session.scalars(_where(Correspondence.idempotency_key.startswith(f"{owner}:"))))


def due(session: Session, limit: int, *, overdue_by: timedelta = OFFER) -> list[UUID]:
    """Messages that could be sent and that nobody sends, oldest first."""
    waiting = select(Correspondence.id).where(
        Correspondence.state == CorrespondenceState.QUEUED,
        Correspondence.due_at <= clock.now() - overdue_by,
    )
    return list(session.scalars(waiting.order_by(Correspondence.due_at).limit(limit)))


def claim(session: Session, message_id: UUID) -> Correspondence | None:
    """Lease the message to the caller; None if it is not due or another sender holds it."""
    now = clock.now()
    queued = _where(
        (Correspondence.id == message_id)
        & (Correspondence.state == CorrespondenceState.QUEUED)
        & (Correspondence.due_at <= now)
    )
    message = session.scalar(queued.with_for_update(skip_locked=True, key_share=True))
    if message is None:
        return None
    if message.attempts >= MOST_TRIES:
        _give_up(session, message, "The sender was lost each time.")
        return None
    if message.masked and now > message.created_at + CODE_LIFETIME:
        _give_up(session, message, "The code has run out before it could be sent.")
        return None
    message.attempts += 1
    message.error = None  # or `release_leases` would take it for one that waits after a failure
    message.due_at = now + LEASE
    return message


def sent(
    session: Session,
    message_id: UUID,
    attempt: int,
    *,
    reference: str,
    carrier: str,
    readable: bool = False,
) -> bool:
    """Record that `carrier` took the message; False if another sender holds it by now.

    `reference` is what the carrier calls it. Unless `readable`, codes and links that open
    something are wiped out: who reads the outbox must not act for the customer.
    """
    message = _held(session, message_id, attempt)
    if message is None:
        return False
    move(message, CorrespondenceState.SENT)
    message.sent_at = clock.now()
    message.message_id = reference
    message.carrier = carrier
    message.error = None
    if not readable:
        _wipe(message)
    _record(session, message, "correspondence.sent")
    return True


def failed(
    session: Session, message_id: UUID, attempt: int, error: str, *, retryable: bool
) -> bool:
    """Record that sending failed; it is tried again after a back-off, or given up."""
    message = _held(session, message_id, attempt)
    if message is None:
        return False
    message.error = error
    if not retryable or attempt > len(BACKOFF):
        _give_up(session, message, error)
        return True
    message.due_at = clock.now() + BACKOFF[attempt - 1]
    return True


def send_again(session: Session, message_id: UUID, *, by: str) -> Correspondence:
    """Queue a message that failed once more; raises NotFoundError, IllegalMoveError."""
    message = held(session, Correspondence, message_id)
    move(message, CorrespondenceState.QUEUED)
    message.attempts = 0
    message.due_at = clock.now()
    _record(session, message, "correspondence.queued_again", actor=by)
    session.info.setdefault("correspondence", []).append(message.id)
    return message


def release_leases(session: Session) -> None:
    """Let messages that were being sent be sent at once.

    Only for who knows that no other process sends: after a crash, before the workers start.
    """
    held = update(Correspondence).where(
        Correspondence.state == CorrespondenceState.QUEUED,
        Correspondence.attempts > 0,
        Correspondence.error.is_(None),
    )
    session.execute(held.values(due_at=clock.now()))


def visible_body(message: Correspondence) -> str:
    """The text for colleagues: what opens something is masked, also before it was ever sent."""
    return _closed(message.body, code=message.masked)


def masked(text: str) -> str:
    """The text with every number of four or more digits replaced."""
    return _DIGITS.sub(lambda digits: "•" * len(digits[0]), text)


def _where(condition: ColumnElement[bool]) -> Select[Correspondence]:
    return (
        select(Correspondence)
        .where(condition)
        .order_by(Correspondence.created_at, Correspondence.id)
    )


def _thread(session: Session, request_id: UUID | None, draft_id: UUID | None) -> str | None:
    """One thread per request; its draft already holds the number."""
    if request_id is not None:
        number = select(ServiceRequest.number).where(ServiceRequest.id == request_id)
    elif draft_id is not None:
        number = select(Draft.number).where(Draft.id == draft_id)
    else:
        return None
    return f"request-{session.scalar(number)}"


def _held(session: Session, message_id: UUID, attempt: int) -> Correspondence | None:
    message = held(session, Correspondence, message_id)
    is_ours = message.state is CorrespondenceState.QUEUED and message.attempts == attempt
    return message if is_ours else None


def _give_up(session: Session, message: Correspondence, error: str) -> None:
    move(message, CorrespondenceState.FAILED)
    message.error = error
    if message.masked:  # others keep their links: they may be sent again by hand
        _wipe(message)
    _record(session, message, "correspondence.failed")


def _wipe(message: Correspondence) -> None:
    closed = partial(_closed, code=message.masked)
    message.subject = closed(message.subject) if message.subject else None
    message.body = closed(message.body)
    message.html = closed(message.html) if message.html else None
    values = message.registration.get("variables")
    if isinstance(values, list):
        shown = [closed(str(value)) for value in values]
        message.registration = {**message.registration, "variables": shown}


def _closed(text: str, *, code: bool) -> str:
    """The text without the tokens of links and, if it holds one, without the code."""
    without = _TOKEN.sub("•••", text)
    return masked(without) if code else without


def _record(
    session: Session, message: Correspondence, kind: str, *, actor: str = history.SYSTEM
) -> None:
    history.record(
        session,
        kind,
        actor=actor,
        request_id=message.service_request_id,
        message=str(message.id),
        channel=message.channel,
        template=message.template,
    )
