"""Connections and transactions: who opens one closes it, nothing below commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.sql.selectable import ForUpdateParameter

from engine.errors import NotFoundError
from engine.store.base import Base

Sessions = sessionmaker[Session]
Row = TypeVar("Row", bound=Base)

# FOR NO KEY UPDATE: excludes whoever would change the row, but not a row that refers to it. With
# FOR UPDATE each new row with a foreign key to a held one would wait, against the order of locks.
FOR_CHANGE: ForUpdateParameter = {"key_share": True}


def connect(url: str, *, pool_size: int = 20) -> Sessions:
    """A factory of sessions on the PostgreSQL at `url` (postgresql:// or postgresql+psycopg://)."""
    return sessions_on(open_engine(url, pool_size=pool_size))


def open_engine(url: str, *, pool_size: int = 20) -> Engine:
    """An engine whose connections are checked before use and give up on locks after 15 s.

    Its errors name the statement and never the values: errors end in logs.
    """
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=15s -c statement_timeout=60s"},
    )


def sessions_on(engine: Engine) -> Sessions:
    """A factory of sessions on an open engine; rows stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def hold(session: Session, row: Base) -> None:
    """Lock a loaded row to the end of the transaction and read it anew.

    What was changed and not written yet is written first: a refresh alone would undo it.
    """
    session.flush()
    session.refresh(row, with_for_update=FOR_CHANGE)


def held(session: Session, table: type[Row], row_id: object) -> Row:
    """The row, locked to the end of the transaction and as it is now; raises NotFoundError.

    Also where the session has looked at it before: what was read without the lock may be old.
    """
    session.flush()
    row = session.get(table, row_id, populate_existing=True, with_for_update=FOR_CHANGE)
    if row is None:
        raise NotFoundError
    return row


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """One transaction: commits at the end of the block, rolls back on any error."""
    with sessions() as session, session.begin():
        yield session
