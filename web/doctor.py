"""An examination of the installation: each part, whether it is well, and what to do if not."""

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import clock
from engine import settings as configuration
from engine.errors import EngineError
from engine.people import accounts
from engine.settings import Settings, SettingsError
from engine.store import migrations
from tasks.documents import keys
from web import assets, storage
from web.backup_command import LAST_BACKUP

OLDEST_POSTGRESQL = 140000  # as PostgreSQL numbers itself
DISK_WANTED = 1_000_000_000  # bytes
NETWORK_LIMIT = 5  # seconds
OLDEST_BACKUP = timedelta(days=7)
FONTS = Path(keys.__file__).parent / "fonts"


@dataclass(frozen=True, slots=True)
class Examined:
    """One part: good, or what to do about it."""

    part: str
    good: bool
    says: str


def examine() -> Iterator[Examined]:
    """Look at every part, and change nothing."""
    try:
        settings = configuration.load(make=False)
    except SettingsError as error:
        yield from (Examined("settings", good=False, says=fault) for fault in error.faults)
        return
    yield Examined("settings", good=True, says="all understood")
    yield _data(settings)
    yield _built()
    yield from _database(settings)
    yield _keys(settings)
    yield _backup(settings)
    yield from _network(settings)
    yield _address(settings)


def _data(settings: Settings) -> Examined:
    folder = settings.data_folder
    there = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(there).free
    if free < DISK_WANTED:
        return Examined("data", good=False, says=f"{folder}: free some disk, 1 GB at least")
    return Examined("data", good=True, says=f"{folder}, {free // 10**9} GB free")


def _built() -> Examined:
    if not (assets.FOLDER / "manifest.json").is_file() or not any(FONTS.glob("*.ttf")):
        says = "styles, scripts or fonts are not built: run `python hatch_build.py`"
        return Examined("assets", good=False, says=says)
    return Examined("assets", good=True, says="styles, scripts and fonts are there")


def _database(settings: Settings) -> Iterator[Examined]:
    if settings.database_url is None and not storage.folder_of(settings).exists():
        yield Examined("database", good=True, says="will be made at the first start")
        return
    try:
        with storage.sessions_of(settings) as sessions, sessions() as session:
            yield _version(session)
            current = migrations.is_current(session.connection())
            yield _migrations(current=current)
            if current:
                yield _accounts(session)
    except EngineError as error:
        yield Examined("database", good=False, says=str(error))
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        yield Examined("database", good=False, says=f"check DATABASE_URL and the server: {reason}")


def _version(session: Session) -> Examined:
    number = int(session.scalar(text("SHOW server_version_num")) or 0)
    where = session.scalar(text("SHOW server_version"))
    if number < OLDEST_POSTGRESQL:
        says = f"PostgreSQL {where} is too old: 14 or newer is needed"
        return Examined("database", good=False, says=says)
    return Examined("database", good=True, says=f"PostgreSQL {where}")


def _migrations(*, current: bool) -> Examined:
    if not current:
        return Examined("migrations", good=False, says="run `turnaround migrate`")
    return Examined("migrations", good=True, says="up to date")


def _accounts(session: Session) -> Examined:
    usable = sum(each.active and bool(each.password_hash) for each in accounts.everyone(session))
    if not usable:
        says = "nobody can sign in: run `turnaround account create NAME --role ROLE`"
        return Examined("accounts", good=False, says=says)
    return Examined("accounts", good=True, says=f"{usable} can sign in")


def _keys(settings: Settings) -> Examined:
    folder = settings.data_folder / "keys"
    if not folder.exists():
        return Examined("keys", good=True, says="will be made at the first start")
    exposed = keys.exposed_files(folder)
    if exposed:
        says = f"others can read {exposed[0]}: chmod -R go= {folder}"
        return Examined("keys", good=False, says=says)
    try:
        store = keys.open(folder, settings.key_passphrase)
    except EngineError as error:
        return Examined("keys", good=False, says=str(error))
    due = [fact.subject for fact in keys.facts(store) if fact.expired or fact.renewal_due]
    if due:
        return Examined("keys", good=False, says=f"renew the certificate of {due[0]}")
    return Examined("keys", good=True, says="private, opened by the passphrase, valid")


def _backup(settings: Settings) -> Examined:
    made = settings.data_folder / LAST_BACKUP
    if settings.demo:
        return Examined("backup", good=True, says="a demo needs none")
    if not made.exists():
        says = "none was made from here: run `turnaround backup FILE` every day"
        return Examined("backup", good=False, says=says)
    age = clock.now() - datetime.fromisoformat(made.read_text(encoding="utf-8"))
    if age > OLDEST_BACKUP:
        says = f"the last one is {age.days} days old: run `turnaround backup FILE` every day"
        return Examined("backup", good=False, says=says)
    return Examined("backup", good=True, says=f"{age.days} days old")


def _network(settings: Settings) -> Iterator[Examined]:
    """Whoever is named by a setting must answer."""
    if settings.broker_url:
        yield _answers("broker", "BROKER_URL", settings.broker_url, {"amqp": 5672, "amqps": 5671})
    if settings.tsa_url:
        yield _answers("time stamps", "TSA_URL", settings.tsa_url, {"http": 80, "https": 443})
    if settings.mail:
        yield _connected("mail", "MAIL_URL", settings.mail.host, settings.mail.port)
    elif not settings.demo:
        says = "codes and receipts stay in the outbox and reach nobody: set MAIL_URL"
        yield Examined("mail", good=False, says=says)


def _answers(part: str, variable: str, url: str, ports: dict[str, int]) -> Examined:
    parts = urlsplit(url)
    port = parts.port or ports.get(parts.scheme, 6379)
    return _connected(part, variable, parts.hostname or "", port)


def _connected(part: str, variable: str, host: str, port: int) -> Examined:
    try:
        socket.create_connection((host, port), NETWORK_LIMIT).close()
    except OSError as error:
        says = f"{host}:{port} does not answer ({error}); check {variable}"
        return Examined(part, good=False, says=says)
    return Examined(part, good=True, says=f"{host}:{port} answers")


def _address(settings: Settings) -> Examined:
    url = settings.public_url
    if not settings.demo and not url.startswith("https://"):
        return Examined("address", good=False, says=f"{url}: set PUBLIC_URL to its https address")
    return Examined("address", good=True, says=url)
