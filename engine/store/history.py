"""The table of facts: who did what when. Rows are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

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
