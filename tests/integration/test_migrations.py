"""The migrations lead to exactly the tables the code defines."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from engine.store import Base, migrations
from engine.store.session import open_engine
from tests import database


def test_the_migrations_lead_to_the_tables_of_the_models(database_engine: Engine):
    with database_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database_engine: Engine):
    migrations.run(database_engine)
    with database_engine.connect() as connection:
        assert migrations.is_current(connection)


def columns(connection):
    """What stands in `information_schema` of every column: type, whether it may be left out."""
    found = connection.execute(
        text(
            "select table_name, column_name, data_type, is_nullable = 'YES' or"
            " column_default is not null or is_identity = 'YES' from information_schema.columns"
            " where table_schema = current_schema()"
        )
    )
    return {(table, column): (kind, optional) for table, column, kind, optional in found}


@pytest.fixture
def releases(server_url):
    """The columns of the first release's schema, and those of today's."""
    with database.fresh_database(server_url) as url:
        engine = open_engine(url)
        with engine.begin() as connection:
            command.upgrade(migrations.configuration(connection), "0001")
            first = columns(connection)
        migrations.run(engine)
        with engine.connect() as connection:
            today = columns(connection)
        engine.dispose()
    return first, today


def test_the_first_release_reads_and_writes_todays_schema(releases):
    """So that old and new processes may run side by side while an upgrade is rolled out."""
    first, today = releases
    changed = {name for name, (kind, _) in first.items() if today.get(name, ("gone",))[0] != kind}
    assert not changed
    stricter = {name for name, (_, optional) in first.items() if optional and not today[name][1]}
    assert not stricter
    assert not {name for name in today.keys() - first.keys() if not today[name][1]}
