"""The actor that sends one message: lease it, hand it to its channel, report.

A carrier cannot be asked whether it already has a message; so a crash between the two
transactions sends again, under the same Message-ID. Nothing else sends twice.
"""

import logging
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from dramatiq.middleware import TimeLimitExceeded
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine.cases import correspondence, documents
from engine.cases.templates import Channel
from engine.errors import EngineError
from engine.settings import Settings
from engine.store import Correspondence, Document
from tasks import dispatch, environment
from tasks.channels import mail, simulator
from tasks.channels.mail_message import Sender
from tasks.channels.port import Attachment, Carrier, ChannelError, Outgoing, RefusedMessageError
from tasks.environment import Environment

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Leased:
    attempt: int
    channel: str
    message: Outgoing


def run(message_id: str) -> None:
    """Send the message with this id, if it is due; never raises for what the sweeper mends."""
    try:
        surroundings = environment.current()
        leased = _claim(surroundings, UUID(message_id))
        if leased is not None:
            _send(surroundings, leased)
    except (EngineError, SQLAlchemyError, TimeLimitExceeded) as error:
        facts = {"message_id": message_id, "error": type(error).__name__}
        _log.warning("correspondence_left", extra=facts)


def carrier(channel: str, settings: Settings) -> Carrier:
    """Who carries this channel's messages in this installation."""
    if channel == Channel.SMS:
        return simulator.sms
    if channel == Channel.WHATSAPP:
        return simulator.whatsapp
    if channel != Channel.MAIL:
        raise RefusedMessageError(f"There is no channel {channel}.")
    sender = Sender(settings.provider_name, settings.mail_from)
    if settings.mail is None:
        return partial(mail.simulate, sender=sender)
    return partial(mail.send, sender=sender, server=settings.mail)


def _claim(surroundings: Environment, message_id: UUID) -> _Leased | None:
    with dispatch.transaction(surroundings.sessions) as session:
        message = correspondence.claim(session, message_id)
        if message is None:
            return None
        return _Leased(message.attempts, message.channel, _outgoing(session, message))


def _outgoing(session: Session, message: Correspondence) -> Outgoing:
    return Outgoing(
        id=message.id,
        address=message.address,
        body=message.body,
        subject=message.subject or "",
        html=message.html,
        locale=message.locale,
        thread=message.thread_id,
        registration=message.registration,
        attachments=[_attachment(session, UUID(document)) for document in message.attachments],
        written_at=message.created_at,
    )


def _attachment(session: Session, document_id: UUID) -> Attachment:
    document = session.get_one(Document, document_id)
    content = documents.content(session, document)
    return Attachment(document.name, document.media_type, content)


def _send(surroundings: Environment, leased: _Leased) -> None:
    settings = surroundings.settings
    try:
        receipt = carrier(leased.channel, settings)(leased.message)
    except ChannelError as error:
        _report_failure(surroundings, leased, error)
        return
    with dispatch.transaction(surroundings.sessions) as session:
        correspondence.sent(
            session,
            leased.message.id,
            leased.attempt,
            reference=receipt.reference,
            carrier=receipt.carrier,
            readable=settings.demo and receipt.carrier == simulator.CARRIER,
        )
    _log.info("correspondence_sent", extra=_facts(leased))


def _report_failure(surroundings: Environment, leased: _Leased, error: ChannelError) -> None:
    _log.warning("correspondence_failed", extra={**_facts(leased), "error": str(error)})
    with dispatch.transaction(surroundings.sessions) as session:
        correspondence.failed(
            session, leased.message.id, leased.attempt, str(error), retryable=error.retryable
        )


def _facts(leased: _Leased) -> dict[str, object]:
    return {
        "correspondence": str(leased.message.id),
        "channel": leased.channel,
        "attempt": leased.attempt,
    }
