"""Bearer links: 256 random bits with one purpose and an end; only the digest is kept.

Cookies of customers are the same thing under another purpose: a link is swapped for one, so
what stands in an address never opens anything by itself.
"""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine import clock
from engine.store import AccessLink

TOKEN_BYTES = 32
TOKEN_LENGTH = 43  # characters of a token: 32 bytes in base64url without padding


class Purpose(StrEnum):
    RESUME = "resume"  # go on with a draft, from a mail
    SUPPLY = "supply"  # send in what was asked for
    FEEDBACK = "feedback"  # rate a finished request
    PROOF = "proof"  # fetch the sealed proof
    CONFIRM = "confirm"  # say whether it is right now
    DRAFT = "draft"  # cookie: fill in this draft
    TRACKING = "tracking"  # cookie: follow this request
    SUPPLYING = "supplying"  # cookie: send documents to this request


def path(purpose: str, token: str) -> str:
    """Where a link of this purpose leads, below the installation's public address."""
    return f"/{purpose}/{token}"


def issue(session: Session, purpose: str, subject_id: UUID, lifetime: timedelta) -> str:
    """A token that opens one subject for one purpose until `lifetime` is over."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    session.add(
        AccessLink(
            digest=_digest(token),
            purpose=str(purpose),
            subject_id=subject_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    session.flush()
    return token


def redeem(session: Session, purpose: str, token: str) -> UUID | None:
    """The subject that the token opens for this purpose; None if it opens nothing (any more)."""
    if len(token) != TOKEN_LENGTH:
        return None
    opened = select(AccessLink.subject_id).where(
        AccessLink.digest == _digest(token),
        AccessLink.purpose == str(purpose),
        AccessLink.expires_at > clock.now(),
    )
    return session.scalar(opened)


def end(session: Session, purpose: str, subject_id: UUID) -> None:
    """Let no link of this purpose open the subject any more."""
    session.execute(
        delete(AccessLink).where(
            AccessLink.purpose == str(purpose), AccessLink.subject_id == subject_id
        )
    )


def keep_only(
    session: Session, purpose: str, subject_id: UUID, token: str, lifetime: timedelta
) -> None:
    """Let no link of this purpose open the subject but `token`, and that one for `lifetime`."""
    digest = _digest(token)
    mine = (AccessLink.purpose == str(purpose)) & (AccessLink.subject_id == subject_id)
    session.execute(delete(AccessLink).where(mine, AccessLink.digest != digest))
    ends = clock.now() + lifetime
    session.execute(
        update(AccessLink).where(mine, AccessLink.digest == digest).values(expires_at=ends)
    )


def revoke(session: Session, purpose: str, token: str) -> None:
    """Let this one token open nothing any more; one that opens nothing is no error."""
    session.execute(
        delete(AccessLink).where(
            AccessLink.purpose == str(purpose), AccessLink.digest == _digest(token)
        )
    )


def expire(session: Session) -> None:
    """Forget the links whose time is over."""
    session.execute(delete(AccessLink).where(AccessLink.expires_at <= clock.now()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
