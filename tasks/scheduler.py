"""The scheduler: what happens because time passes, done by one process however many are started.

The leader holds an advisory lock on a connection of its own; the others stand by and take over
when it is lost. Each pass takes bounded batches, so one that finds much work still beats.
"""

import logging
from datetime import timedelta
from threading import Event
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from engine import clock
from engine.cases import codes, correspondence, drafts, links
from engine.errors import EngineError
from engine.execution import jobs, messages, timers
from engine.store import Sessions
from tasks import beat, dispatch
from tasks.offers import Offers

PERIOD = timedelta(seconds=1)
STANDBY = timedelta(seconds=2)  # how often somebody who does not lead tries to
AWAY = timedelta(seconds=2)  # before the database is tried again
HOUSEKEEPING = timedelta(minutes=1)
BATCH = 200  # rows of one kind in one pass

_log = logging.getLogger(__name__)


class Scheduler:
    """One candidate for the lead; what it remembers may be lost without harm."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._offers = Offers()
        self._cleaned_at = clock.now() - HOUSEKEEPING

    def run(self, ending: Event) -> None:
        """Lead whenever nobody else does, until `ending` is set; outlives the database."""
        engine = _own_engine(self._sessions)
        while not ending.is_set():
            try:
                with engine.connect() as connection:
                    self._stand(connection, ending)
            except SQLAlchemyError as error:
                _log.warning("scheduler_lost_database", extra={"error": type(error).__name__})
                ending.wait(AWAY.total_seconds())

    def step(self) -> None:
        """One pass; raises SQLAlchemyError if the database is away."""
        fire_timers(self._sessions)
        self._offer()
        if clock.now() >= self._cleaned_at + HOUSEKEEPING:
            self._cleaned_at = clock.now()
            clean(self._sessions)

    def _stand(self, connection: Connection, ending: Event) -> None:
        while not ending.is_set() and not beat.take(connection):
            ending.wait(STANDBY.total_seconds())
        _log.info("scheduler_leads")
        while not ending.is_set():
            self.step()
            beat.strike(connection)
            ending.wait(PERIOD.total_seconds())

    def _offer(self) -> None:
        """Hint once more at what is due and has not been taken up."""
        with self._sessions() as session:
            waiting_jobs = jobs.due(session, BATCH)
            waiting_messages = correspondence.due(session, BATCH)
        fresh = self._offers.fresh([*waiting_jobs, *waiting_messages], clock.now())
        dispatch.send_jobs(job for job in waiting_jobs if job in fresh)
        dispatch.send_correspondence(m for m in waiting_messages if m in fresh)


def fire_timers(sessions: Sessions, limit: int = BATCH) -> int:
    """Fire due timers, each in a transaction of its own; returns how many were tried."""
    with sessions() as session:
        due = timers.due(session, limit)
    for timer_id in due:
        _fire(sessions, timer_id)
    return len(due)


def clean(sessions: Sessions) -> None:
    """Let go of what is over: messages nobody waited for, drafts, codes, links."""
    with dispatch.transaction(sessions) as session:
        messages.deliver_waiting(session, BATCH)
        messages.expire(session)
    with dispatch.transaction(sessions) as session:
        drafts.expire_old(session, BATCH)
        codes.expire(session)
        links.expire(session)


def _fire(sessions: Sessions, timer_id: UUID) -> None:
    """Fire one timer; one that cannot fire keeps its row and stops no other."""
    try:
        with dispatch.transaction(sessions) as session:
            timers.fire(session, timer_id)
    except EngineError:
        _log.exception("timer_failed", extra={"timer": str(timer_id)})


def _own_engine(sessions: Sessions) -> Engine:
    """An engine whose one connection is ours alone and commits each statement by itself."""
    bound = sessions.kw["bind"]
    return create_engine(
        bound.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": "turnaround scheduler"},
    )


def run(sessions: Sessions, ending: Event) -> None:
    """Be a scheduler until `ending` is set."""
    Scheduler(sessions).run(ending)
