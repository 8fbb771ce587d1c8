"""The scheduler: what happens because time passes, done by one process however many are started.

The leader holds an advisory lock on a connection of its own; the others stand by and take over
when it is lost. Each pass takes bounded batches, so one that finds much work still beats.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from engine import clock
from engine.cases import codes, correspondence, drafts, links
from engine.execution import jobs, messages
from engine.store import Sessions
from tasks import beat, broker, dispatch, due_timers
from tasks.attempts import Attempts
from tasks.due_timers import DueTimers
from tasks.offers import Offers

PERIOD = timedelta(seconds=1)
STANDBY = timedelta(seconds=2)  # how often somebody who does not lead tries to
AWAY = timedelta(seconds=2)  # before the database is tried again
PATIENCE = timedelta(seconds=10)  # how long a hint may take before it is repeated
HOUSEKEEPING = timedelta(minutes=1)
BATCH = 200  # hints of one kind in one pass

_log = logging.getLogger(__name__)


class Scheduler:
    """One candidate for the lead; what it remembers may be lost without harm."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._attempts = Attempts()
        self._timers = DueTimers(sessions, self._attempts)
        self._offers = Offers()
        self._deliveries = Offers()
        self._patience = timedelta()
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
        self._attempts.close()

    def step(self) -> bool:
        """One pass; returns whether more timers may be due. Raises SQLAlchemyError."""
        tried = self._timers.fire()
        self._deliver()
        self._offer()
        if clock.now() >= self._cleaned_at + HOUSEKEEPING:
            self._cleaned_at = clock.now()
            self._clean()
        return tried >= due_timers.BATCH

    def _stand(self, connection: Connection, ending: Event) -> None:
        while not beat.take(connection):
            if ending.wait(STANDBY.total_seconds()):
                return
        _log.info("scheduler_leads")
        while not ending.is_set():
            more = self.step()
            beat.strike(connection)
            if not more:
                ending.wait(PERIOD.total_seconds())

    def _offer(self) -> None:
        """Hint once more at what is due and has not been taken up.

        After a start at once: what was due then has lost its hint with the process before.
        """
        if not broker.is_heard():
            return
        with self._sessions() as session:
            waiting_jobs = jobs.due(session, BATCH, overdue_by=self._patience)
            waiting_messages = correspondence.due(session, BATCH, overdue_by=self._patience)
        self._patience = PATIENCE
        fresh = self._offers.fresh([*waiting_jobs, *waiting_messages], clock.now())
        dispatch.send_jobs(job for job in waiting_jobs if job in fresh)
        dispatch.send_correspondence(message for message in waiting_messages if message in fresh)

    def _deliver(self) -> None:
        """Deliver kept messages that somebody waits for by now, each in its own transaction."""
        with self._sessions() as session:
            kept = messages.deliverable(session, BATCH)
        fresh = self._deliveries.fresh(kept, clock.now())
        chosen = [message for message in kept if message in fresh]
        errors = self._attempts.make(partial(deliver, self._sessions, row) for row in chosen)
        for message, error in zip(chosen, errors, strict=True):
            if error is not None:
                _log.error("delivery_failed", extra={"bpmn_message": str(message)}, exc_info=error)

    def _clean(self) -> None:
        """Let go of what is over; what cannot be is left to the next time."""
        chores = {chore.__name__: partial(_chore, self._sessions, chore) for chore in CHORES}
        for name, error in zip(chores, self._attempts.make(chores.values()), strict=True):
            if error is not None:
                _log.error("housekeeping_failed", extra={"chore": name}, exc_info=error)


def deliver(sessions: Sessions, message_id: UUID) -> bool:
    """Deliver one kept message and commit; False if nobody waits for it any more."""
    with dispatch.transaction(sessions) as session:
        return messages.deliver(session, message_id)


def expire_messages(session: Session) -> None:
    """Let go of messages nobody waited for in time."""
    messages.expire(session)


def expire_drafts(session: Session) -> None:
    """Discard drafts whose time is over, with what was uploaded."""
    drafts.expire_old(session, BATCH)


def expire_secrets(session: Session) -> None:
    """Forget codes and links whose time is over."""
    codes.expire(session)
    links.expire(session)


CHORES = (expire_messages, expire_drafts, expire_secrets)


def run(sessions: Sessions, ending: Event) -> None:
    """Be a scheduler until `ending` is set."""
    Scheduler(sessions).run(ending)


def _chore(sessions: Sessions, chore: Callable[[Session], None]) -> None:
    with dispatch.transaction(sessions) as session:
        chore(session)


def _own_engine(sessions: Sessions) -> Engine:
    """An engine whose one connection is ours alone and commits each statement by itself."""
    return create_engine(
        sessions.kw["bind"].url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": "turnaround scheduler"},
    )
