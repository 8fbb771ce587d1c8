"""The running product as a test sees it: a URL, a database to look into, a clock to move."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import func, select

from engine import clock, settings
from engine.lifecycle import CorrespondenceState, JobState
from engine.store import Correspondence, Job, Sessions, Timer, connect, transaction
from tests import ports, waiting
from tests.acceptance.mailbox import Mailbox
from web import server

PASSWORD = "a password for demonstrations"
BUSY = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE)


@dataclass
class Product:
    """All parts of the product at work in this process."""

    url: str
    sessions: Sessions
    settings: settings.Settings
    mailbox: Mailbox
    moved: timedelta = field(default_factory=timedelta)

    @classmethod
    @contextmanager
    def running(cls, database_url: str, mailbox: Mailbox, folder: Path) -> Iterator["Product"]:
        """Start everything; stop everything at the end of the block."""
        port = ports.free()
        chosen = settings.load(
            {
                "DATABASE_URL": database_url,
                "MAIL_URL": mailbox.url,
                "MAIL_FROM": "care@provider.example",
                "TURNAROUND_DATA": str(folder),
                "TURNAROUND_DEMO": "1",
                "TURNAROUND_DEMO_PASSWORD": PASSWORD,
                "PROVIDER_NAME": "Sahyadri Power and Gas",
                "PORT": str(port),
            }
        )
        before = dict(settings._in_use)
        settings.use(chosen)
        product = cls(f"http://127.0.0.1:{port}", connect(database_url), chosen, mailbox)
        real = clock.wall
        clock.wall = lambda: real() + product.moved
        try:
            with server.running(chosen, Event()):
                yield product
        finally:
            clock.wall = real
            product.sessions.kw["bind"].dispose()
            settings._in_use.clear()
            settings._in_use.update(before)

    def move(self, **by: float) -> None:
        """Let `by` (arguments of timedelta) pass, and what is due by then be done."""
        self.moved += timedelta(**by)
        self.settle()

    def settle(self) -> None:
        """Wait until no timer is due, no job waits and no message is unsent."""
        waiting.until(self._is_idle, "the workers to finish")

    def _is_idle(self) -> bool:
        now = clock.now()
        with transaction(self.sessions) as session:
            pending = (
                select(func.count()).where(Job.state.in_(BUSY)),
                select(func.count()).where(Timer.state == "created", Timer.due_at <= now),
                select(func.count()).where(Correspondence.state == CorrespondenceState.QUEUED),
            )
            return not any(session.scalar(count) for count in pending)
