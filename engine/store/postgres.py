"""The embedded PostgreSQL: a real server from the wheel, run under the data folder (Linux).

It listens on a private socket alone, asks for a password, dies with the thread that started it
and comes up again after any kill. One process at a time owns a folder: it holds a lock for as long
as it lives, so whatever server is found without that lock was left behind and is ended.
"""

import fcntl
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from engine.store import postgres_account, postgres_files, postgres_process
from engine.store.postgres_files import SUPERUSER, FolderInUseError, Layout, PostgresError

__all__ = ["FolderInUseError", "PostgresError", "Server", "start", "url"]

ROLE = "turnaround"  # owns the database of the same name, and is no superuser


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `url` is for SQLAlchemy and holds the password."""

    url: str = field(repr=False)
    process: subprocess.Popen[bytes]
    layout: Layout
    _lock: IO[str] = field(repr=False)

    def is_running(self) -> bool:
        """Whether it is still there; after a kill, `stop` and then `start` bring it back."""
        return self.process.poll() is None

    def stop(self) -> None:
        """End the server cleanly and free its folder. Harmless when it has ended already."""
        postgres_process.end(self.process)
        postgres_files.tidy(self.layout)
        self._lock.close()


def start(folder: Path, *, durable: bool = True) -> Server:
    """Start the server of `folder`, made at the first time.

    It dies with the calling thread, so call from the main one. Not `durable` is for tests: faster,
    but a power cut loses everything. Raises PostgresError with what to do about it.
    """
    account = postgres_account.choose(folder)
    layout = Layout(folder.resolve())
    lock = _locked(layout)
    try:
        process = _started(layout, account, durable=durable)
    except BaseException:
        lock.close()
        raise
    server = Server(_url(layout), process, layout, lock)
    try:
        _ensure_database(layout)
    except BaseException:
        server.stop()
        raise
    return server


def url(folder: Path) -> str:
    """The URL of the server that somebody else runs on the folder; it may be starting still."""
    return _url(Layout(folder.resolve()))


def _locked(layout: Layout) -> IO[str]:
    """Hold the folder until the file is closed or this process ends, however it ends."""
    try:
        layout.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = layout.lock.open("a+")
    except OSError as error:
        raise PostgresError(f"The data folder cannot be used: {error}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        owner = lock.read().strip()
        lock.close()
        raise FolderInUseError(
            f"Turnaround already runs on {layout.root.parent} (process {owner})."
            " Stop it first, or choose another folder with TURNAROUND_DATA."
        ) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _started(
    layout: Layout, account: postgres_account.Account, *, durable: bool
) -> subprocess.Popen[bytes]:
    binaries = postgres_files.binaries()
    account = account.reaching(binaries / "postgres", layout.root)
    postgres_process.end_leftover(layout.cluster)
    postgres_files.prepare(layout, account)
    postgres_files.ensure_cluster(binaries, layout, account)
    return postgres_process.launch(binaries, layout, account, durable=durable)


def _url(layout: Layout) -> str:
    password = quote(layout.password.read_text().strip(), safe="")
    host = quote(str(layout.socket), safe="")
    return f"postgresql+psycopg://{ROLE}:{password}@/{ROLE}?host={host}"


def _ensure_database(layout: Layout) -> None:
    """Make the product's role and its database, each if it is not there yet."""
    password = layout.password.read_text().strip()
    name = sql.Identifier(ROLE)
    with psycopg.connect(
        host=str(layout.socket),
        user=SUPERUSER,
        password=password,
        dbname="postgres",
        autocommit=True,
    ) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).rowcount:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(name, password)
            )
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE])
        if not known.rowcount:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, name))
