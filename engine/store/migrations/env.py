"""Alembic's entry point: runs on the connection it was given."""

from alembic import context

from engine.store import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
