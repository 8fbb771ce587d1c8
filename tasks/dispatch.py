"""Transactions whose jobs are offered to the workers once they are committed.

The one module of this package the web may import. A hint that cannot be sent fails nobody:
the row waits, and the scheduler offers it again.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from engine.store import Sessions
from tasks import beat, broker

_log = logging.getLogger(__name__)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """One transaction; what it wrote for the workers is hinted at after the commit."""
    with sessions() as session:
        with session.begin():
            yield session
        jobs = session.info.pop("jobs", [])
        correspondence = session.info.pop("correspondence", [])
    send_jobs(jobs)
    send_correspondence(correspondence)


def send_jobs(job_ids: Iterable[UUID]) -> None:
    """Offer jobs to the workers."""
    _send(broker.RUN_JOB, job_ids)


def send_correspondence(correspondence_ids: Iterable[UUID]) -> None:
    """Offer messages to the workers for sending."""
    _send(broker.SEND_CORRESPONDENCE, correspondence_ids)


def broker_is_up() -> bool:
    """Whether hints can be sent; part of the readiness check."""
    return broker.is_up()


def scheduler_age(session: Session) -> timedelta | None:
    """Time since the last finished pass of the scheduler; None if none is running."""
    return beat.age(session)


def _send(actor: str, identifiers: Iterable[UUID]) -> None:
    try:
        for identifier in identifiers:
            broker.send(actor, identifier)
    except broker.DOWN as error:
        broker.hush()
        _log.warning("broker_down", extra={"error": type(error).__name__, "actor": actor})
