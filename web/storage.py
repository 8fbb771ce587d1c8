"""The database a command works on: the one that DATABASE_URL names, or the embedded one.

An embedded server that runs already, under `turnaround up`, is joined; otherwise it is started for
as long as the command needs it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from engine import settings as configuration
from engine.errors import NotFoundError
from engine.settings import Settings, SettingsError
from engine.store import Sessions, postgres
from engine.store.session import open_engine, sessions_on

_log = logging.getLogger(__name__)


class Database:
    """The database of a long-running process; an embedded one is looked after."""

    def __init__(self, settings: Settings) -> None:
        """Start the embedded server, unless there is one to go to.

        Raises PostgresError, or SettingsError when your own server does not let us in.
        """
        self._folder = folder_of(settings)
        self._server = None if settings.database_url else postgres.start(self._folder)
        self.url = self._server.url if self._server else _reached(str(settings.database_url))

    def look_after(self) -> None:
        """Bring a server back that was killed; its address stays the same."""
        if self._server is not None and not self._server.is_running():
            _log.error("database_died")
            self._server.stop()
            self._server = postgres.start(self._folder)
            _log.warning("database_restarted")

    def stop(self) -> None:
        """End the embedded server; one of your own goes on."""
        if self._server is not None:
            self._server.stop()


def folder_of(settings: Settings) -> Path:
    """Where the embedded server keeps its files."""
    return settings.data_folder / "postgres"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database, which is there for the length of the block.

    Raises PostgresError, or SettingsError when your own server does not let us in.
    """
    if settings.database_url is not None:
        yield _reached(settings.database_url)
        return
    try:
        server = postgres.start(folder_of(settings))
    except postgres.FolderInUseError:
        yield postgres.url(folder_of(settings))
        return
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def sessions_of(settings: Settings, *, migrated: bool = False) -> Iterator[Sessions]:
    """Sessions for a command; with `migrated` the schema is brought up to date first."""
    with database(settings) as url:
        engine = open_engine(url, pool_size=2)
        try:
            if migrated:
                from engine.store import migrations  # slow to load; most commands change nothing

                migrations.run(engine)
            yield sessions_on(engine)
        finally:
            engine.dispose()


@contextmanager
def existing() -> Iterator[Sessions]:
    """Sessions on the installation there is, its schema up to date.

    Raises NotFoundError where there is none: a command with a mistyped folder makes nothing.
    """
    settings = configuration.load(make=False)
    if settings.database_url is None and not folder_of(settings).exists():
        raise NotFoundError(
            f"There is no installation in {settings.data_folder}. Name its folder with"
            " TURNAROUND_DATA, or make one with `turnaround up` or `turnaround migrate`."
        )
    configuration.use(settings)
    with sessions_of(settings, migrated=True) as sessions:
        yield sessions


def _reached(url: str) -> str:
    """The URL, once its server has let us in."""
    engine = open_engine(url, pool_size=1)
    try:
        engine.connect().close()
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise SettingsError((f"DATABASE_URL: {reason}",)) from error
    finally:
        engine.dispose()
    return url
