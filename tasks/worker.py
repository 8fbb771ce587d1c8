"""Workers: threads that answer the broker's messages, in the web's process or in their own."""

import logging
import signal
from datetime import timedelta
from threading import Event

import dramatiq

from engine.cases import correspondence
from engine.execution import jobs
from engine.settings import Settings, SettingsError
from engine.store import Sessions, connect
from tasks import broker, dispatch, environment, run_job, send_correspondence
from tasks.environment import Environment

IDLE = timedelta(milliseconds=200)  # how often an idle thread looks whether it should end
PARTING = timedelta(seconds=20)  # for work in hand when the process ends; then its lease ends it

ACTORS = {
    broker.RUN_JOB: run_job.run,
    broker.SEND_CORRESPONDENCE: send_correspondence.run,
}

_log = logging.getLogger(__name__)


class Workers:
    """Running worker threads; `stop` lets them finish what they have in hand."""

    def __init__(self, threads: dramatiq.Worker) -> None:
        self._threads = threads

    def stop(self, patience: timedelta = PARTING) -> None:
        """End the threads; what is not done in time is left to its lease."""
        broker.unbind()
        self._threads.stop(timeout=int(patience.total_seconds() * 1000))


def start_in_process(settings: Settings, sessions: Sessions) -> Workers:
    """Start worker threads in this process, on the broker that the settings name."""
    environment.use(Environment(settings, sessions))
    if settings.database_url is None:
        _release_leases(sessions)
    chosen = broker.configure(settings.broker_url)
    broker.bind(chosen, ACTORS)
    threads = dramatiq.Worker(
        chosen,
        worker_threads=settings.worker_threads,
        worker_timeout=int(IDLE.total_seconds() * 1000),
    )
    chosen.emit_after("process_boot")
    threads.start()
    return Workers(threads)


def run(settings: Settings, database_url: str) -> None:
    """Work in a process of its own until SIGTERM or SIGINT. Raises SettingsError."""
    if settings.broker_url is None:
        raise SettingsError(("BROKER_URL: workers of their own need a broker; set it.",))
    ending = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    workers = start_in_process(settings, connect(database_url))
    _log.info("worker_started", extra={"threads": settings.worker_threads})
    ending.wait()
    workers.stop()
    broker.close()


def _release_leases(sessions: Sessions) -> None:
    """After a crash: the embedded database has one user, so nobody can hold a lease now."""
    with dispatch.transaction(sessions) as session:
        jobs.release_leases(session)
        correspondence.release_leases(session)
