"""The scheduler's beat: who leads, and when it last finished a pass.

Leading is a session-level advisory lock on a connection of its own; the beat is that
connection's last statement, which PostgreSQL keeps anyway. So no table is needed, and a
scheduler that died or lost its connection stops beating without having to say so.
"""

from datetime import timedelta

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

LOCK = 7_402_033  # advisory: one scheduler leads

_TAKE = text("select pg_try_advisory_lock(:key)")
_BEAT = text("select 1")
_AGE = text(
    """
    select clock_timestamp() - activity.state_change
    from pg_locks as held join pg_stat_activity as activity using (pid)
    where held.locktype = 'advisory' and held.granted
      and held.classid = 0 and held.objid = :key and held.objsubid = 1
      and held.database = (select oid from pg_database where datname = current_database())
    """
)


def take(connection: Connection) -> bool:
    """Try to lead; whoever leads keeps on as long as the connection lives."""
    return bool(connection.execute(_TAKE, {"key": LOCK}).scalar_one())


def strike(connection: Connection) -> None:
    """Say that a pass is done; raises OperationalError when connection and lead are lost."""
    connection.execute(_BEAT)


def age(session: Session) -> timedelta | None:
    """Time since the leader's last pass; None if nobody leads."""
    found = session.execute(_AGE, {"key": LOCK}).scalar()
    return found if isinstance(found, timedelta) else None
