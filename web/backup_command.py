"""`turnaround backup` and `turnaround restore`: everything of an installation in one private file.

The database, documents included, the signing keys and the secrets of the data folder. The
passphrase that opens the signing keys is not in it: it lies outside the data folder.
"""

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from engine import clock
from engine import settings as configuration
from engine.errors import ConflictError, InvalidError
from engine.secret_file import PRIVATE_FILE, PRIVATE_FOLDER

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from engine.settings import Settings
    from engine.store.sealed_stream import Reader

FOLDERS = ("keys", "secrets")
SHORTEST = 12  # characters of a passphrase
LAST_BACKUP = "last_backup"  # in the data folder, for `turnaround doctor`
FILE = click.Path(dir_okay=False, path_type=Path)
PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the passphrase of the backup from here; without it, it is asked for.",
)


@click.command()
@click.argument("file", type=FILE)
@PASSPHRASE_FILE
def backup(file: Path, passphrase_file: Path | None) -> None:
    """Save everything to FILE, encrypted, while the installation runs.

    Keep the passphrase elsewhere than the file: without it nothing can be restored. The passphrase
    of the signing keys is not part of it.
    """
    from engine.store import backups
    from engine.store.sealed_stream import PrivateFile, Writer
    from web import storage

    settings = _installed()
    if file.exists():
        raise ConflictError(f"{file} is there already. Choose another name, or remove it.")
    passphrase = _passphrase(passphrase_file, anew=True)
    with (
        _failures(),
        storage.database(settings) as url,
        _snapshot(url) as connection,
        PrivateFile(file) as target,
    ):
        writer = Writer(target, passphrase)
        writer.record(_manifest(backups.revision(connection)), iter(()))
        for path in _files(settings.data_folder):
            name = path.relative_to(settings.data_folder).as_posix()
            writer.record({"kind": "file", "name": name}, iter([path.read_bytes()]))
        for table, parts in backups.rows(connection):
            header = {"kind": "table", "name": table.name, "columns": list(table.columns)}
            writer.record(header, parts)
        writer.close()
    _remember(settings.data_folder)
    click.echo(f"Saved to {file} ({file.stat().st_size / 2**20:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PASSPHRASE_FILE
@click.option("--force", is_flag=True, help="Replace what this installation holds.")
def restore(file: Path, passphrase_file: Path | None, *, force: bool) -> None:
    """Bring back what FILE holds, into an empty installation that does not run.

    Either everything is restored or nothing is changed.
    """
    from engine.store import migrations, postgres
    from engine.store.sealed_stream import Reader
    from engine.store.session import open_engine
    from web import storage

    settings = configuration.load(make=False)
    passphrase = _passphrase(passphrase_file, anew=False)
    _check_folders(settings.data_folder, force=force)
    with _failures(), file.open("rb") as source:
        _check(Reader(source, passphrase))  # to its very end, before anything is touched
        source.seek(0)
        try:
            server = None if settings.database_url else postgres.start(storage.folder_of(settings))
        except postgres.FolderInUseError as error:
            raise ConflictError("Stop the installation first.") from error
        engine = open_engine(server.url if server else str(settings.database_url), pool_size=2)
        try:
            _restored(engine, Reader(source, passphrase), settings.data_folder, force=force)
            migrations.run(engine)
        finally:
            engine.dispose()
            if server:
                server.stop()
    click.echo("Restored. Start it with the passphrase of its signing keys.")


def _installed() -> "Settings":
    from web import storage

    settings = configuration.load(make=False)
    if settings.database_url is None and not storage.folder_of(settings).exists():
        raise ConflictError(
            f"There is no installation in {settings.data_folder}. Name its folder with"
            " TURNAROUND_DATA."
        )
    return settings


def _passphrase(file: Path | None, *, anew: bool) -> str:
    if file is not None:
        passphrase = file.read_text(encoding="utf-8").strip()
    else:
        passphrase = click.prompt(
            "Passphrase of the backup", hide_input=True, confirmation_prompt=anew
        )
    if len(passphrase) < SHORTEST:
        raise InvalidError(f"The passphrase needs at least {SHORTEST} characters.")
    return passphrase


@contextmanager
def _failures() -> Iterator[None]:
    """Say in one line what the disk or the database refused."""
    import psycopg
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (OSError, psycopg.Error, SQLAlchemyError) as error:
        reason = str(error).splitlines()[0]
        raise ConflictError(f"This did not work, and nothing was changed: {reason}") from error


@contextmanager
def _snapshot(url: str) -> "Iterator[Connection]":
    """A connection that sees the database as of one moment and changes nothing."""
    from engine.store.session import open_engine

    engine = open_engine(url, pool_size=1)
    try:
        with engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection:
            yield connection
    finally:
        engine.dispose()


def _manifest(revision: str) -> Mapping[str, object]:
    return {"kind": "manifest", "revision": revision, "made_at": clock.now().isoformat()}


def _files(data_folder: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(path for path in (data_folder / folder).rglob("*") if path.is_file())


def _remember(data_folder: Path) -> None:
    (data_folder / LAST_BACKUP).write_text(clock.now().isoformat(), encoding="utf-8")


def _check(reader: "Reader") -> None:
    """Read the whole file; raises UnreadableBackupError where it is not whole."""
    for _record in reader.records():
        pass


def _check_folders(data_folder: Path, *, force: bool) -> None:
    if not force and any(_files(data_folder)):
        raise ConflictError(
            f"{data_folder} holds keys of an installation. Restore into an empty folder, or give"
            " --force to replace what is there."
        )


def _restored(engine: "Engine", reader: "Reader", data_folder: Path, *, force: bool) -> None:
    """All rows in one transaction; the files take their place just before it commits."""
    from engine.store import backups

    aside = data_folder / f".restore-{secrets.token_hex(4)}"
    records = reader.records()
    manifest, _ = next(records)
    try:
        with engine.begin() as connection:
            backups.prepare(connection, str(manifest["revision"]), force=force)
            for header, parts in records:
                if header["kind"] == "table":
                    backups.load(connection, backups.read_table(header), parts)
                else:
                    _write(aside, str(header["name"]), parts)
            backups.continue_numbers(connection)
            _put_in_place(aside, data_folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(folder: Path, name: str, parts: Iterator[bytes]) -> None:
    """One file below `folder`; a name that would leave it is refused."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in FOLDERS:
        raise InvalidError(f"The backup holds a file that does not belong in one: {name!r}.")
    target = folder.joinpath(*path.parts)
    for parent in reversed(target.parents):
        parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as written:
        for part in parts:
            written.write(part)


def _put_in_place(aside: Path, data_folder: Path) -> None:
    """The restored folders under their names; those of before stay beside them."""
    for name in FOLDERS:
        if not (aside / name).exists():
            continue
        target = data_folder / name
        if target.exists():
            target.rename(data_folder / f"{name}.before-{clock.now():%Y%m%d%H%M%S}")
        (aside / name).rename(target)
