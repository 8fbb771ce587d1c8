"""The whole database as records, and back: a consistent snapshot, restored in one transaction.

Rows travel in PostgreSQL's own text form, table by table in the order of their references, so
neither a program beside the server nor much memory is needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import Connection as Driver
from psycopg import sql
from sqlalchemy import Connection, func, select, text

from engine.errors import ConflictError, InvalidError
from engine.store import migrations
from engine.store.base import Base

TABLES = tuple(table.name for table in Base.metadata.sorted_tables)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was saved."""

    name: str
    columns: tuple[str, ...]


Rows = Iterable[tuple[Table, Iterator[bytes]]]


def revision(connection: Connection) -> str:
    """The schema's revision; raises ConflictError if it is not this version's."""
    if not migrations.is_current(connection):
        raise ConflictError("The database is not up to date: run `turnaround migrate` first.")
    return str(MigrationContext.configure(connection).get_current_revision())


def rows(connection: Connection) -> Rows:
    """Every table with its rows, all as of one moment; the connection must be REPEATABLE READ."""
    connection.execute(text("set local statement_timeout = 0"))
    driver = _driver(connection)
    for table in Base.metadata.sorted_tables:
        columns = tuple(column.name for column in table.columns)
        yield Table(table.name, columns), _copied_out(driver, table.name, columns)


def prepare(connection: Connection, wanted: str, *, force: bool) -> None:
    """Empty the database and give it the schema that rows of revision `wanted` fit into.

    Raises InvalidError for a revision this version does not know, ConflictError for a database
    that holds something, unless `force` says that it may be replaced.
    """
    _known(wanted)
    connection.execute(text("set local statement_timeout = 0"))
    if not force and _holds_something(connection):
        raise ConflictError(
            "This installation holds data. Restore into an empty one, or give --force to replace"
            " what is there."
        )
    names = ", ".join([*_present(connection), "alembic_version"])
    connection.execute(text(f"DROP TABLE IF EXISTS {names} CASCADE"))
    command.upgrade(migrations.configuration(connection), wanted)


def load(connection: Connection, table: Table, parts: Iterable[bytes]) -> None:
    """Put the rows of one table back."""
    copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), _names(table.columns)
    )
    with _driver(connection).cursor() as cursor, cursor.copy(copy) as target:
        for part in parts:
            target.write(part)


def continue_numbers(connection: Connection) -> None:
    """Let numbers that the database gives out go on behind those that were restored."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.identity is not None:
                highest = select(func.max(column)).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, func.greatest(highest, 1))))


def _copied_out(driver: Driver, name: str, columns: Sequence[str]) -> Iterator[bytes]:
    copy = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), _names(columns))
    with driver.cursor() as cursor, cursor.copy(copy) as source:
        for block in source:
            yield bytes(block)


def _names(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _known(wanted: str) -> None:
    script = ScriptDirectory.from_config(migrations.configuration())
    if wanted not in {each.revision for each in script.walk_revisions()}:
        raise InvalidError(
            f"The backup is of a newer version (schema {wanted}). Install that version, or a newer"
            " one, and restore with it."
        )


def _holds_something(connection: Connection) -> bool:
    return any(
        connection.scalar(text(f"SELECT exists(SELECT FROM {name})"))  # noqa: S608 -- our own names
        for name in _present(connection)
    )


def _present(connection: Connection) -> list[str]:
    present = set(
        connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
    )
    return [name for name in TABLES if name in present]


def _driver(connection: Connection) -> Driver:
    driver = connection.connection.driver_connection
    if not isinstance(driver, Driver):
        raise TypeError("Backups need psycopg.")
    return driver


def read_table(header: Mapping[str, object]) -> Table:
    """A table's header as `rows` gave it; raises InvalidError for one this version cannot hold."""
    columns = header.get("columns")
    name = str(header.get("name"))
    if name not in TABLES or not isinstance(columns, list):
        raise InvalidError(f"The backup holds a table that is not known here: {name}.")
    return Table(name, tuple(str(column) for column in columns))
