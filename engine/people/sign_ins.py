"""Signed-in browsers as rows; one that is ended, over or of a closed account is worth nothing.

Only the digest of the token is kept, so nobody who reads the table can sign in with it.
"""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from engine import clock
from engine.store import Account, SignIn

LIFETIME = timedelta(hours=12)  # a working day; then sign in again


def open(session: Session, account: Account) -> str:  # noqa: A001 -- sign_ins.open reads well
    """Sign the account in; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SignIn(
            account_id=account.id,
            token_digest=_digest(token),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> Account | None:
    """The active account that is signed in with this token."""
    live = (
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.token_digest == _digest(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            Account.active,
        )
    )
    return session.scalar(live)


def end(session: Session, token: str) -> None:
    """Sign out; a token that is not signed in is no error."""
    _end(session, SignIn.token_digest == _digest(token))


def end_all(session: Session, account: Account) -> None:
    """Sign the account out of every browser."""
    _end(session, SignIn.account_id == account.id)


def forget(session: Session) -> int:
    """Delete the sign-ins that were over or ended a lifetime ago; returns how many."""
    before = clock.now() - LIFETIME
    gone = delete(SignIn).where(or_(SignIn.expires_at < before, SignIn.ended_at < before))
    return len(session.execute(gone.returning(SignIn.id)).all())


def _end(session: Session, condition: ColumnElement[bool]) -> None:
    session.execute(
        update(SignIn).where(condition, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
