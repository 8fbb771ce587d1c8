"""The running product as a test sees it: a URL, a database to look into, a clock to move."""

import os
import subprocess
import sys
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
PROVIDER = {
    "PROVIDER_NAME": "Sahyadri Power and Gas",
    "PROVIDER_EMAIL": "care@provider.example",
    "PROVIDER_PHONE": "+91 20 5550 1234",
    "PROVIDER_ADDRESS": "7 River Road, Pune 411001",
    "MAIL_FROM": "care@provider.example",
}
COMMAND = Path(sys.executable).with_name("turnaround")
BUSY = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE)


@dataclass
class Product:
    """All parts of the product at work in this process."""

    url: str
    sessions: Sessions
    mailbox: Mailbox
    variables: dict[str, str]  # the settings as an operator would give them
    moved: timedelta = field(default_factory=timedelta)

    @classmethod
    @contextmanager
    def running(cls, database_url: str, mailbox: Mailbox, folder: Path) -> Iterator["Product"]:
        """Start everything; stop everything at the end of the block."""
        port = ports.free()
        variables = {
            **PROVIDER,
            "DATABASE_URL": database_url,
            "MAIL_URL": mailbox.url,
            "TURNAROUND_DATA": str(folder),
            "TURNAROUND_DEMO": "1",
            "TURNAROUND_DEMO_PASSWORD": PASSWORD,
            "PORT": str(port),
        }
        chosen = settings.load(variables)
        before = dict(settings._in_use)
        settings.use(chosen)
        product = cls(f"http://127.0.0.1:{port}", connect(database_url), mailbox, variables)
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

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `turnaround` in a process of its own, with the product's settings."""
        return subprocess.run(
            [COMMAND, *words],
            env={"PATH": os.defpath, **self.variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

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
