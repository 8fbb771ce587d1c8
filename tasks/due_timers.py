"""Firing due timers: bounded batches, each timer in a transaction of its own.

A timer that cannot fire stops no other: a person is asked, and it is tried again ever more
rarely, because what hinders it may be mended.
"""

import logging
from functools import partial
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import clock
from engine.errors import NotFoundError
from engine.execution import incidents, instances, timers
from engine.store import Sessions, Timer
from tasks import dispatch
from tasks.attempts import Attempts
from tasks.offers import Offers

BATCH = 200  # timers in one pass
KIND = "timer_failed"
ADVICE = "Mend the cause; the timer is tried again by itself within a quarter of an hour."

_log = logging.getLogger(__name__)


class DueTimers:
    """The timers to fire; remembers those that failed, which may be lost without harm."""

    def __init__(self, sessions: Sessions, attempts: Attempts) -> None:
        self._sessions = sessions
        self._attempts = attempts
        self._failed: set[UUID] = set()
        self._retries = Offers()

    def fire(self, limit: int | None = None) -> int:
        """Fire what is due; returns how many were tried. Raises SQLAlchemyError from the query."""
        chosen = self._chosen(limit or BATCH)
        errors = self._attempts.make(partial(fire, self._sessions, row) for row in chosen)
        for timer_id, error in zip(chosen, errors, strict=True):
            self._note(timer_id, error)
        return len(chosen)

    def _chosen(self, limit: int) -> list[UUID]:
        with self._sessions() as session:
            due = timers.due(session, limit + len(self._failed))
        self._failed &= set(due)
        again = self._retries.fresh([row for row in due if row in self._failed], clock.now())
        return [row for row in due if row not in self._failed or row in again][:limit]

    def _note(self, timer_id: UUID, error: BaseException | None) -> None:
        if error is None:
            self._failed.discard(timer_id)
            return
        _log.error("timer_failed", extra={"timer": str(timer_id)}, exc_info=error)
        if isinstance(error, SQLAlchemyError):
            return  # A lock or the connection: the next pass tries again.
        if timer_id not in self._failed:
            self._retries.fresh([*self._failed, timer_id], clock.now())
        self._failed.add(timer_id)
        with dispatch.transaction(self._sessions) as session:
            report(session, timer_id, error)


def fire(sessions: Sessions, timer_id: UUID) -> bool:
    """Fire one timer and commit; False if it is no longer due."""
    with dispatch.transaction(sessions) as session:
        return timers.fire(session, timer_id)


def report(session: Session, timer_id: UUID, error: BaseException) -> None:
    """Open an incident for a timer that cannot fire, unless one is open already."""
    timer = session.get(Timer, timer_id)
    if timer is None:
        raise NotFoundError
    locked = instances.lock(session, timer.process_instance_id)
    for known in incidents.open_incidents(session):
        if (known.process_instance_id, known.element_id, known.kind) == (
            timer.process_instance_id,
            timer.element_id,
            KIND,
        ):
            return
    incidents.open_incident(
        session,
        locked.row,
        kind=KIND,
        message=f"{type(error).__name__}: {error}"[:2000],
        advice=ADVICE,
        element_id=timer.element_id,
    )
