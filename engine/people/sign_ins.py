"""Signed-in browsers as rows; one that is ended, over or of a closed account is worth nothing.

Only the digest of the token is kept, so nobody who reads the table can sign in with it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from engine import clock
from engine.errors import NotFoundError
from engine.store import Account, SignIn

LIFETIME = timedelta(hours=12)  # a working day; then sign in again
SEEN_EVERY = timedelta(minutes=5)  # a look at a page is no reason to write more often


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody signs in, as far as they need it to know themselves again."""

    browser: str | None = None
    address: str | None = None


def open(  # noqa: A001 -- sign_ins.open reads well
    session: Session,
    account: Account,
    place: Place = Place(),
) -> str:
    """Sign the account in; returns the token for the browser's cookie."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        SignIn(
            account_id=account.id,
            token_digest=_digest(token),
            created_at=now,
            expires_at=now + LIFETIME,
            browser=place.browser,
            address=place.address,
            seen_at=now,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str) -> Account | None:
    """The active account that is signed in with this token."""
    found = look(session, token)
    return found[0] if found else None


def look(session: Session, token: str) -> tuple[Account, bool] | None:
    """The active account, and whether that it is here was noted too long ago."""
    live = (
        select(Account, SignIn.seen_at)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.token_digest == _digest(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            Account.active,
        )
    )
    row = session.execute(live).one_or_none()
    if row is None:
        return None
    account, seen_at = row
    return account, seen_at is None or seen_at < clock.now() - SEEN_EVERY


def see(session: Session, token: str) -> None:
    """Note that this sign-in is used now."""
    used = update(SignIn).where(SignIn.token_digest == _digest(token))
    session.execute(used.values(seen_at=clock.now()))


def of_account(session: Session, account: Account) -> Sequence[SignIn]:
    """Where the account is signed in now, the newest first."""
    return session.scalars(_live().where(SignIn.account_id == account.id)).all()


def of_everyone(session: Session, limit: int = 200) -> Sequence[tuple[SignIn, Account]]:
    """Who is signed in now, the newest first."""
    found = _live().join(Account, Account.id == SignIn.account_id).add_columns(Account)
    return [(row[0], row[1]) for row in session.execute(found.limit(limit))]


def is_of(sign_in: SignIn, token: str) -> bool:
    """Whether this is the sign-in of the token."""
    return sign_in.token_digest == _digest(token)


def end_one(session: Session, sign_in_id: UUID, account: Account | None = None) -> str:
    """End a sign-in, of this account if one is given; returns whose it was.

    One that is over is ended all the same. Raises NotFoundError.
    """
    owner = (
        select(Account.name)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(SignIn.id == sign_in_id)
    )
    if account is not None:
        owner = owner.where(SignIn.account_id == account.id)
    name = session.scalar(owner)
    if name is None:
        raise NotFoundError
    _end(session, SignIn.id == sign_in_id)
    return name


def end_others(session: Session, account: Account, token: str) -> None:
    """Sign the account out everywhere but here."""
    _end(session, (SignIn.account_id == account.id) & (SignIn.token_digest != _digest(token)))


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


def _live() -> Select[SignIn]:
    live = select(SignIn).where(SignIn.ended_at.is_(None), SignIn.expires_at > clock.now())
    return live.order_by(SignIn.created_at.desc(), SignIn.id)


def _end(session: Session, condition: ColumnElement[bool]) -> None:
    session.execute(
        update(SignIn).where(condition, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
