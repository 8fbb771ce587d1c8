"""One-time codes: six digits sent to a phone or a mailbox prove that the customer holds it.

Only a keyed hash is kept. A subject has one live code, and five tries in ten minutes however
many codes it asks for; neither a subject nor an address gets more than five codes an hour.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from engine import clock, settings
from engine.cases import correspondence, locks
from engine.errors import NotAllowedError
from engine.store import VerificationCode

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5  # within LIFETIME, over all codes of a subject
ISSUES = 5  # within ISSUE_WINDOW, for a subject and for an address
ISSUE_WINDOW = timedelta(hours=1)
KEPT = timedelta(days=1)
NOBODY = ""  # the address of a code that is sent to nobody


class TooManyCodesError(NotAllowedError):
    """No more than five codes an hour are sent. Wait a while, then ask again."""

    code = "too_many_codes"


@dataclass(frozen=True, slots=True)
class Message:
    """The words around a code, as the channel's template wants them."""

    template: str
    subject: str | None
    body: str
    html: str | None = None
    registration: Mapping[str, object] = field(default_factory=dict)


def issue(
    session: Session,
    *,
    purpose: str,
    subject: str,
    channel: str,
    address: str | None,
    locale: str,
    compose: Callable[[str], Message],
    draft_id: UUID | None = None,
    request_id: UUID | None = None,
) -> None:
    """Send a fresh code to `address` ("mail" or "sms"); the one before it is worth nothing then.

    Without an address the same is done but nothing sent, so that a subject which does not exist
    behaves like one that does. Raises TooManyCodesError.
    """
    _take_turn(session, purpose, subject, address)
    row, code = _fresh(session, purpose, subject, channel, address)
    message = compose(code)
    if address is not None:
        _send(session, row, message, locale=locale, draft_id=draft_id, request_id=request_id)


def check(session: Session, *, purpose: str, subject: str, code: str) -> bool:
    """Whether this is the subject's live code; each call is a try, a right code works once.

    The caller commits in either case: a try that is rolled back would be a free one.
    """
    locks.hold(session, "code", purpose, subject)
    row = live(session, purpose=purpose, subject=subject)
    if row is None or tries_left(session, purpose=purpose, subject=subject) == 0:
        return False
    row.tries += 1
    typed = "".join(character for character in code if character.isdecimal())
    if not hmac.compare_digest(row.digest, _digest(row.id, typed)):
        session.flush()
        return False
    row.used_at = clock.now()
    session.flush()
    return True


def live(session: Session, *, purpose: str, subject: str) -> VerificationCode | None:
    """The code that would be accepted now."""
    return session.scalar(
        select(VerificationCode).where(
            _of(purpose, subject),
            VerificationCode.used_at.is_(None),
            VerificationCode.expires_at > clock.now(),
        )
    )


def tries_left(session: Session, *, purpose: str, subject: str) -> int:
    """How many codes may still be typed for the subject at the moment."""
    spent = select(func.coalesce(func.sum(VerificationCode.tries), 0)).where(
        _of(purpose, subject), VerificationCode.created_at > clock.now() - LIFETIME
    )
    return max(0, TRIES - (session.scalar(spent) or 0))


def expire(session: Session) -> None:
    """Forget codes that no limit counts any more."""
    session.execute(
        delete(VerificationCode).where(VerificationCode.created_at <= clock.now() - KEPT)
    )


def _take_turn(session: Session, purpose: str, subject: str, address: str | None) -> None:
    locks.hold(session, "code", purpose, subject)
    _limit(session, _of(purpose, subject))
    if address is not None:
        locks.hold(session, "code address", address)
        _limit(session, VerificationCode.address == address)


def _limit(session: Session, condition: ColumnElement[bool]) -> None:
    recent = select(func.count()).where(
        condition, VerificationCode.created_at > clock.now() - ISSUE_WINDOW
    )
    if (session.scalar(recent) or 0) >= ISSUES:
        raise TooManyCodesError


def _fresh(
    session: Session, purpose: str, subject: str, channel: str, address: str | None
) -> tuple[VerificationCode, str]:
    now = clock.now()
    session.execute(
        update(VerificationCode)
        .where(_of(purpose, subject), VerificationCode.used_at.is_(None))
        .values(used_at=now)
    )
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    row_id = uuid4()
    row = VerificationCode(
        id=row_id,
        purpose=purpose,
        subject=subject,
        channel=channel,
        address=address or NOBODY,
        digest=_digest(row_id, code if address is not None else secrets.token_hex()),
        created_at=now,
        expires_at=now + LIFETIME,
        tries=0,
    )
    session.add(row)
    session.flush()
    return row, code


def _send(
    session: Session,
    row: VerificationCode,
    message: Message,
    *,
    locale: str,
    draft_id: UUID | None,
    request_id: UUID | None,
) -> None:
    correspondence.queue(
        session,
        key=f"code:{row.id}",
        channel=row.channel,
        address=row.address,
        template=message.template,
        locale=locale,
        subject=message.subject,
        body=message.body,
        html=message.html,
        registration=message.registration,
        draft_id=draft_id,
        request_id=request_id,
        masked=True,
    )


def _of(purpose: str, subject: str) -> ColumnElement[bool]:
    return (VerificationCode.purpose == purpose) & (VerificationCode.subject == subject)


def _digest(row_id: UUID, code: str) -> str:
    key = settings.current().secret_key.encode()
    return hmac.new(key, f"one-time code:{row_id}:{code}".encode(), hashlib.sha256).hexdigest()
