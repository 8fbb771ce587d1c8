"""The migrations lead to exactly the tables the code defines."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from engine.store import Base, migrations


def test_the_migrations_lead_to_the_tables_of_the_models(database_engine: Engine):
    with database_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(database_engine: Engine):
    migrations.run(database_engine)
    with database_engine.connect() as connection:
        assert migrations.is_current(connection)
