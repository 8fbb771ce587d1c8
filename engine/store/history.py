"""The table of facts: who did what when. Rows are only ever added.

The facts of a flush are written in one statement, in the order in which they were added and after
the rows they refer to. The unit of work would ask for the number of each; nobody needs it then.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, event, insert
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from engine.store.base import Base, Json


class HistoryEvent(Base):
    """One fact; `kind` is a dotted name such as `user_task.completed`."""

    __tablename__ = "history_events"
    __table_args__ = (
        Index("ix_history_events_request", "service_request_id", "id"),
        Index("ix_history_events_instance", "process_instance_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    service_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_requests.id"))
    process_instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instances.id"))
    element_id: Mapped[str | None]
    kind: Mapped[str]
    actor: Mapped[str]  # an account's name, "customer", "system"
    on_behalf_of: Mapped[str | None]
    data: Mapped[Json]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]


TABLE = Base.metadata.tables[HistoryEvent.__tablename__]
COLUMNS = [column.key for column in TABLE.columns if column.key != "id"]
TAKEN = "facts"


@event.listens_for(Session, "before_flush")
def _take(session: Session, flush: UOWTransaction, _objects: object) -> None:
    facts = [row for row in session.new if isinstance(row, HistoryEvent)]
    if not facts:
        return
    for fact in facts:
        session.expunge(fact)
    rows = [{name: getattr(fact, name) for name in COLUMNS} for fact in facts]
    if session.new or session.dirty or session.deleted:
        flush.attributes[TAKEN] = rows
    else:  # a flush of nothing would not come to its end
        _insert(session, rows)


@event.listens_for(Session, "after_flush")
def _write(session: Session, flush: UOWTransaction) -> None:
    rows = flush.attributes.pop(TAKEN, None)
    if rows:
        _insert(session, rows)


def _insert(session: Session, rows: list[dict[str, object]]) -> None:
    session.connection().execute(insert(TABLE), rows)
