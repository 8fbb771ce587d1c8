"""The embedded server's process: launching it, waiting for it, ending it."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from engine.store.postgres_account import Account
from engine.store.postgres_files import ENVIRONMENT, Layout, PostgresError

START_LIMIT = timedelta(minutes=10)  # recovery after a crash may have much to replay
STOP_LIMIT = timedelta(seconds=4)  # for each of the signals, from polite to final
ORPHANS_LIMIT = timedelta(seconds=20)  # children of a killed server notice and end
POLL = timedelta(milliseconds=10)

STATUS_LINE = 7  # of postmaster.pid, counted from 0
STILL_IN_USE = "pre-existing shared memory block"

OPTIONS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=64MB",
    "wal_level=minimal",
    "max_wal_senders=0",
    "log_checkpoints=off",
    "log_timezone=UTC",
    "timezone=UTC",
)
FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def launch(
    binaries: Path, layout: Layout, account: Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it takes connections. Raises PostgresError."""
    patience = time.monotonic() + ORPHANS_LIMIT.total_seconds()
    while True:
        begin = layout.log.stat().st_size
        process = _spawn(binaries, layout, account, durable=durable)
        if _is_ready(process, layout):
            return process
        said = _since(layout.log, begin)
        if STILL_IN_USE not in said or time.monotonic() > patience:
            raise PostgresError(f"The embedded PostgreSQL does not start: {said} ({layout.log})")
        time.sleep(POLL.total_seconds())


def end(process: subprocess.Popen[bytes]) -> None:
    """End our own child: disconnect everybody and write all; drop everything if that hangs."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT.total_seconds())
            return


def end_leftover(cluster: Path) -> None:
    """End a server whose product was killed; the caller holds the folder's lock."""
    file = cluster / "postmaster.pid"
    pid = _written_pid(file)
    if not _serves(pid, cluster):
        # The number may by now belong to another program of the same account.
        file.unlink(missing_ok=True)
        return
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if _waited(lambda: not _serves(pid, cluster), STOP_LIMIT):
            return


def _written_pid(file: Path) -> int:
    """The server's process number; 0, which no process has, when it was not written."""
    try:
        return int(file.read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0


def _serves(pid: int, cluster: Path) -> bool:
    """Whether the process is a server of this cluster; a zombie has no command line."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return arguments[0].endswith(b"/postgres") and os.fsencode(cluster) in arguments


def _spawn(
    binaries: Path, layout: Layout, account: Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    options = OPTIONS if durable else (*OPTIONS, *FORGETFUL)
    with layout.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 -- our own binary, arguments of our own
            [
                *(binaries / "postgres", "-D", layout.cluster, "-k", layout.socket),
                *(part for option in options for part in ("-c", option)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for the product, which ends the server last
            preexec_fn=account.become,  # noqa: PLW1509 -- at start, before any other thread
        )


def _is_ready(process: subprocess.Popen[bytes], layout: Layout) -> bool:
    """Wait for the line pg_ctl waits for; False when the server ended instead."""
    file = layout.cluster / "postmaster.pid"

    def decided() -> bool:
        return process.poll() is not None or _status(file, process.pid) == "ready"

    if not _waited(decided, START_LIMIT):
        end(process)
    return process.poll() is None


def _status(file: Path, pid: int) -> str:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return ""
    if len(lines) <= STATUS_LINE or lines[0] != str(pid):
        return ""
    return lines[STATUS_LINE].strip()


def _waited(is_so: Callable[[], bool], limit: timedelta) -> bool:
    """Wait until it is so; False when the limit has passed."""
    deadline = time.monotonic() + limit.total_seconds()
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL.total_seconds())
    return True


def _since(log: Path, begin: int) -> str:
    """The end of what was written to the log after `begin` bytes."""
    return log.read_bytes()[begin:].decode(errors="replace").strip()[-2000:]
