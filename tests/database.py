"""The PostgreSQL of a test run: TURNAROUND_TEST_DATABASE_URL, else an embedded one of its own."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

VARIABLE = "TURNAROUND_TEST_DATABASE_URL"


@contextmanager
def server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The URL of a server that may be used freely for the length of the block."""
    given = os.environ.get(VARIABLE)  # noqa: TID251 -- a test run's own switch
    if given:
        yield given.replace("postgresql://", "postgresql+psycopg://", 1)
        return
    from engine.store import postgres

    running = postgres.start(folder, durable=durable)
    try:
        yield running.url
    finally:
        running.stop()


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """A new database on the server, dropped at the end of the block; yields its URL."""
    name = f"turnaround_test_{secrets.token_hex(4)}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f'drop database "{name}" with (force)'))
        admin.dispose()
