"""Numbered, forward-only migrations, applied under an advisory lock."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

ADVISORY_LOCK = 7_402_031  # any constant: one migrator at a time


def run(engine: Engine) -> None:
    """Bring the schema to the newest revision; a second caller waits and finds it done."""
    with engine.connect() as connection:
        connection.execute(text("set statement_timeout = 0"))
        connection.execute(text("set lock_timeout = '60s'"))
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            command.upgrade(configuration(connection), "head")
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()


def is_current(connection: Connection) -> bool:
    """Whether the database holds exactly the newest revision."""
    script = ScriptDirectory.from_config(configuration(connection))
    return MigrationContext.configure(connection).get_current_revision() == (
        script.get_current_head()
    )


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
