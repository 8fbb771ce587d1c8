"""Warm separate processes: started when needed, kept for the next message, replaced when lost.

A process serves one message at a time. One that a fork inherited serves the parent and is left
alone.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tasks.documents import serving

ROOT = Path(__file__).parents[2]
GRACE = timedelta(seconds=5)
"""How much longer than the process's own alarm the parent waits before it kills."""
MAX_IDLE = 2
MAX_MESSAGES = 500
"""Libraries remember what they made; a new process now and then gives the memory back."""
ENVIRONMENT = {
    # A proxy that does not answer: nothing is fetched, and nothing is told to anybody.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "LANG": "C.UTF-8",
}


class LostProcessError(Exception):
    """The process ended over this message: it took too long or too much memory."""


class NoPlaceError(Exception):
    """As many processes work as may at once, and none was free in time."""


@dataclass
class Process:
    """One running process and how many messages it has answered."""

    child: "subprocess.Popen[bytes]"
    owner: int = field(default_factory=os.getpid)
    answered: int = 0


@dataclass
class Pool:
    """The processes that run one module; any thread may ask.

    With `places`, no more work at once; who finds none free waits for `patience` at most.
    """

    module: str
    arguments: tuple[str, ...] = ()
    places: threading.BoundedSemaphore | None = None
    patience: timedelta = timedelta(seconds=3)
    idle: list[Process] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(
        self, facts: Mapping[str, object], data: bytes, timeout: timedelta
    ) -> tuple[dict[str, object], bytes]:
        """Let a process answer within the time; raises LostProcessError or NoPlaceError."""
        with self._place():
            return self._ask(facts, data, timeout)

    @contextmanager
    def _place(self) -> Iterator[None]:
        places = self.places
        if places is None:
            yield
            return
        if not places.acquire(timeout=self.patience.total_seconds()):
            raise NoPlaceError
        try:
            yield
        finally:
            places.release()

    def _ask(
        self, facts: Mapping[str, object], data: bytes, timeout: timedelta
    ) -> tuple[dict[str, object], bytes]:
        process = self._take()
        try:
            message = serving.packed({**facts, "seconds": timeout.total_seconds()}, data)
            answer = _exchange(process.child, message, timeout + GRACE)
        except BaseException:
            _end(process)
            raise
        self._give_back(process)
        return answer

    def warm(self) -> None:
        """Start a process ahead of the message it will be asked about."""
        self._keep(self._take())

    def close(self) -> None:
        """End the processes that wait for work."""
        with self.lock:
            waiting = self.idle[:]
            self.idle.clear()
        for process in waiting:
            if process.owner == os.getpid():
                _end(process)

    def _take(self) -> Process:
        with self.lock:
            while self.idle:
                process = self.idle.pop()
                if process.owner != os.getpid():
                    continue
                if process.child.poll() is None:
                    return process
                _end(process)
        return Process(_start(self.module, self.arguments))

    def _give_back(self, process: Process) -> None:
        process.answered += 1
        self._keep(process)

    def _keep(self, process: Process) -> None:
        with self.lock:
            if process.answered < MAX_MESSAGES and len(self.idle) < MAX_IDLE:
                self.idle.append(process)
                return
        _end(process)


def _start(module: str, arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 -- our own program, no shell
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
        bufsize=0,
    )


def _end(process: Process) -> None:
    process.child.kill()
    process.child.wait()
    for pipe in (process.child.stdin, process.child.stdout):
        if pipe is not None:
            pipe.close()


def _exchange(
    child: "subprocess.Popen[bytes]", message: bytes, patience: timedelta
) -> tuple[dict[str, object], bytes]:
    if child.stdin is None or child.stdout is None:
        raise LostProcessError
    try:
        _write(child.stdin.fileno(), message)
        descriptor, seconds = child.stdout.fileno(), patience.total_seconds()
        head, body = serving.FRAME.unpack(_read(descriptor, serving.FRAME.size, seconds))
        facts: dict[str, object] = json.loads(_read(descriptor, head, seconds))
        return facts, _read(descriptor, body, seconds)
    except (BrokenPipeError, TimeoutError, EOFError) as error:
        raise LostProcessError from error


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int, size: int, seconds: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        if not select.select([descriptor], [], [], seconds)[0]:
            raise TimeoutError
        part = os.read(descriptor, size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
