"""Warm compiling processes: started when needed, kept for the next document, replaced when lost.

A process serves one document at a time; it ends with its parent, because its input ends then,
and after its time is over, because its own alarm kills it.
"""

import json
import os
import select
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tasks.documents import compiler
from tasks.documents.compiler import Job, Reply
from tasks.documents.errors import RenderTimeoutError

PROGRAM = Path(compiler.__file__)
GRACE = timedelta(seconds=5)
"""How much longer than the process's own alarm the parent waits before it kills."""
MAX_IDLE = 2
MAX_JOBS = 500
"""The compiler remembers what it made; a new process now and then gives the memory back."""
ENVIRONMENT = {
    # A proxy that does not answer: packages are not fetched, and nothing is told to anybody.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "LANG": "C.UTF-8",
}


@dataclass
class Process:
    """One running compiler and how many documents it has made."""

    fonts: Path
    child: "subprocess.Popen[bytes]"
    owner: int = field(default_factory=os.getpid)
    jobs: int = 0


_idle: list[Process] = []
_lock = threading.Lock()


def compile(job: Job, fonts: Path) -> Reply:  # noqa: A001 -- read as compilers.compile
    """Let a warm process do the job; raises RenderTimeoutError if the process is lost over it."""
    process = _take(fonts)
    try:
        reply = _ask(process, job)
    except BaseException:
        _end(process)
        raise
    _give_back(process)
    return reply


def close() -> None:
    """End the processes that wait for work, for an orderly stop."""
    with _lock:
        waiting = _idle[:]
        _idle.clear()
    for process in waiting:
        if process.owner == os.getpid():
            _end(process)


def _take(fonts: Path) -> Process:
    """An idle process of ours that still lives, or a new one."""
    with _lock:
        while _idle:
            process = _idle.pop()
            if process.owner != os.getpid():
                continue  # Inherited by a fork: it serves the parent.
            if process.fonts == fonts and process.child.poll() is None:
                return process
            _end(process)
    return Process(fonts, _start(fonts))


def _start(fonts: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 -- our own program, no shell
        [sys.executable, "-I", str(PROGRAM), str(fonts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=ENVIRONMENT,
        bufsize=0,
    )


def _give_back(process: Process) -> None:
    process.jobs += 1
    with _lock:
        if process.jobs < MAX_JOBS and len(_idle) < MAX_IDLE:
            _idle.append(process)
            return
    _end(process)


def _end(process: Process) -> None:
    process.child.kill()
    process.child.wait()
    for pipe in (process.child.stdin, process.child.stdout):
        if pipe is not None:
            pipe.close()


def _ask(process: Process, job: Job) -> Reply:
    stdin, stdout = process.child.stdin, process.child.stdout
    if stdin is None or stdout is None:
        raise RenderTimeoutError
    patience = job["seconds"] + GRACE.total_seconds()
    try:
        _write(stdin.fileno(), compiler.packed(job))
        head = _read(stdout.fileno(), compiler.LENGTH.size, patience)
        size = int.from_bytes(head, "big")
        body = _read(stdout.fileno(), size, patience)
    except (BrokenPipeError, TimeoutError, EOFError) as error:
        raise RenderTimeoutError from error
    reply: Reply = json.loads(body)
    return reply


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _read(descriptor: int, size: int, patience: float) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        if not select.select([descriptor], [], [], patience)[0]:
            raise TimeoutError
        part = os.read(descriptor, size - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
