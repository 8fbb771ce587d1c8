"""Locks on names that have no row yet, held to the end of the transaction."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def hold(session: Session, *name: str) -> None:
    """Wait until nobody else holds this name, then hold it."""
    key = func.hashtextextended("\x1f".join(name), 0)
    session.execute(select(func.pg_advisory_xact_lock(key)))
