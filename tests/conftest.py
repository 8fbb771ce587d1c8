"""Fixtures every level shares: a migrated database, a session that leaves no trace."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine import settings
from engine.store import Base, Sessions, migrations
from engine.store.session import open_engine, sessions_on
from tests import database


@pytest.fixture(autouse=True)
def settings_left_alone() -> Iterator[None]:
    """Settings that a test put to use, directly or through a command, end with the test."""
    before = dict(settings._in_use)
    yield
    settings._in_use.clear()
    settings._in_use.update(before)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with database.server(tmp_path_factory.mktemp("pg")) as url:
        yield url


@pytest.fixture(scope="session")
def database_engine(server_url: str) -> Iterator[Engine]:
    with database.fresh_database(server_url) as url:
        engine = open_engine(url)
        migrations.run(engine)
        yield engine
        engine.dispose()


@pytest.fixture
def session(database_engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints: nothing it does outlives the test."""
    with database_engine.connect() as connection, connection.begin() as outer:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as inside:
            yield inside
        outer.rollback()


@pytest.fixture
def sessions(database_engine: Engine) -> Iterator[Sessions]:
    """Real transactions, for what needs two of them; every row is deleted afterwards."""
    yield sessions_on(database_engine)
    with database_engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
