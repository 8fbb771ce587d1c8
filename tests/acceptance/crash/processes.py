"""Processes of the real product: started by its command, ended by signals."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

START_LIMIT = 90.0  # seconds; the first start makes a database and keys
PAUSE = 0.01  # seconds between two looks
COMMAND = Path(sys.executable).with_name("turnaround")
ROOT = Path(__file__).parents[3]

_never = Event()


def wait_until(is_so, limit, complaint="it did not happen"):
    """Return as soon as it is so; fail after `limit` seconds."""
    assert happens(is_so, limit), complaint if isinstance(complaint, str) else complaint()


def happens(is_so, limit):
    """Whether it is so within `limit` seconds."""
    deadline = time.monotonic() + limit
    while not is_so():
        if time.monotonic() > deadline:
            return False
        _never.wait(PAUSE)
    return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(folder, **variables):
    """What a process of the product is told; nothing of the test run's own settings."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 -- of a child process
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        # Starting over and over is quicker with compiled modules, kept out of the tree.
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "TURNAROUND_DATA": str(folder / "data"),
        "TURNAROUND_DEMO": "1",
        "PROVIDER_NAME": "Example Gas",
        "PROVIDER_EMAIL": "service@example.org",
        "LOG_LEVEL": "INFO",
        **variables,
    }


class Process:
    """One process of the product; its output is a file, which outlives it."""

    def __init__(self, command, folder, variables):
        self.log = folder / f"{command}.log"
        self._begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(
                [COMMAND, command],
                env=variables,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def said(self):
        """What it has written since it was started."""
        return self.log.read_bytes()[self._begin :].decode(errors="replace")

    def says(self, text):
        """Whether it has written this; fails if it has ended by itself."""
        said = self.said()
        assert self._child.poll() in {None, -signal.SIGKILL}, said
        return text in said

    def await_line(self, text):
        wait_until(lambda: self.says(text), START_LIMIT, self.said)

    def kill(self):
        """End it between two instructions; harmless when it has ended."""
        self._child.kill()

    def was_killed(self):
        """Whether it has been killed; fails if it has ended in another way."""
        self.says("")
        return self._child.poll() is not None

    def bury(self):
        """Wait for its end."""
        self._child.wait(10)

    def stop(self):
        """End it as an operator does; returns its exit code."""
        self._child.terminate()
        try:
            return self._child.wait(40)
        except subprocess.TimeoutExpired:
            self._child.kill()
            raise
