"""What the running product holds in memory, at rest and after work."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.result import Result
from engine.lifecycle import JobState
from engine.store import Job, Sessions, connect, transaction
from tests import builders, database, ports

PATIENCE = 600  # seconds
MEBIBYTE = 1024


def measure(*, requests: int) -> Iterator[Result]:
    """Resident memory (MiB) of the product's processes without PostgreSQL's."""
    with (
        tempfile.TemporaryDirectory() as folder,
        database.server(Path(folder), durable=True) as server,
        database.fresh_database(server) as url,
        _running(url, Path(folder) / "data") as process,
    ):
        rest = _resident_mib(process.pid)
        yield Result("memory_at_rest", rest, "MiB", None, 1, "one process, all parts")
        _work(connect(url), requests)
        note = f"after {requests} requests acknowledged"
        yield Result("memory_after_1000", _resident_mib(process.pid), "MiB", rest, requests, note)


@contextmanager
def _running(url: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    port = ports.free()
    environment = {
        **os.environ,  # noqa: TID251 -- handed on to the process under measurement
        "DATABASE_URL": url,
        "TURNAROUND_DATA": str(data),
        "TURNAROUND_DEMO": "1",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    command = [str(Path(sys.executable).with_name("turnaround")), "up"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _until_ready(port)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def _work(sessions: Sessions, requests: int) -> None:
    for _ in range(requests):
        with transaction(sessions) as session:
            builders.submitted(session)
    unfinished = select(func.count()).where(Job.state != JobState.COMPLETED)
    _wait(lambda: _count(sessions, unfinished) == 0)


def _count(sessions: Sessions, query: object) -> int:
    with transaction(sessions) as session:
        return session.scalar(query)


def _until_ready(port: int) -> None:
    def ready() -> bool:
        try:
            url = f"http://127.0.0.1:{port}/readyz"
            return urllib.request.urlopen(url, timeout=5).status == 200
        except (OSError, urllib.error.URLError):
            return False

    _wait(ready)


def _wait(reached: object) -> None:
    end = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def _resident_mib(pid: int) -> float:
    """Of the process and all its descendants but PostgreSQL's."""
    family, total = [pid], 0
    for member in family:
        children = Path(f"/proc/{member}/task").glob("*/children")
        family += [int(child) for path in children for child in path.read_text().split()]
        status = Path(f"/proc/{member}/status").read_text()
        fields = dict(line.split(":", 1) for line in status.splitlines())
        if fields["Name"].strip() != "postgres":
            total += int(fields["VmRSS"].split()[0])
    return total / MEBIBYTE
