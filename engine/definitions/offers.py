"""Which request types the portal offers: the newest version of each, unless it is withdrawn.

Withdrawing hides a request type from those who begin; drafts in hand may be sent and cases go on.
The mark is on the version, so publishing a further one offers the request type again.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.errors import NotFoundError
from engine.store import RequestTypeVersion


def withdraw(session: Session, key: str, *, by: str) -> RequestTypeVersion:
    """Offer a request type no longer; doing so twice changes nothing. Raises NotFoundError."""
    version = newest(session, key)
    if version.withdrawn_at is None:
        version.withdrawn_at = clock.now()
        _record(session, version, "request_type.withdrawn", by)
    return version


def offer(session: Session, key: str, *, by: str) -> RequestTypeVersion:
    """Offer a withdrawn request type again in its newest version. Raises NotFoundError."""
    version = newest(session, key)
    if version.withdrawn_at is not None:
        version.withdrawn_at = None
        _record(session, version, "request_type.offered", by)
    return version


def withdrawn(session: Session) -> set[str]:
    """The keys of the request types that are not offered."""
    known = session.scalars(select(RequestTypeVersion.key).distinct())
    return {key for key in known if newest(session, key).withdrawn_at is not None}


def newest(session: Session, key: str) -> RequestTypeVersion:
    """The highest version of a request type, offered or not. Raises NotFoundError."""
    highest = (
        select(RequestTypeVersion)
        .where(RequestTypeVersion.key == key)
        .order_by(RequestTypeVersion.version.desc())
        .limit(1)
    )
    version = session.scalar(highest)
    if version is None:
        raise NotFoundError(f"There is no request type {key}.")
    return version


def _record(session: Session, version: RequestTypeVersion, kind: str, by: str) -> None:
    history.record(session, kind, actor=by, key=version.key, version=version.version)
