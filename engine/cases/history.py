"""The append-only facts of a case: who did what when, on whose behalf.

Timeline, clocks, KPIs and audit all read these rows; nothing updates or deletes them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.store import HistoryEvent

SYSTEM = "system"
CUSTOMER = "customer"
OPERATOR = "operator"  # whoever has a shell on the machine; the log of that machine knows who


def record(
    session: Session,
    kind: str,
    *,
    actor: str,
    request_id: UUID | None = None,
    instance_id: UUID | None = None,
    element_id: str | None = None,
    on_behalf_of: str | None = None,
    occurred_at: datetime | None = None,
    **data: object,
) -> HistoryEvent:
    """Add one fact. `data` must be JSON and hold no secret.

    Facts of one transaction are written together when it is flushed, in this order.
    """
    now = clock.now()
    event = HistoryEvent(
        service_request_id=request_id,
        process_instance_id=instance_id,
        element_id=element_id,
        kind=kind,
        actor=actor,
        on_behalf_of=on_behalf_of,
        data=data,
        occurred_at=occurred_at or now,
        recorded_at=now,
    )
    session.add(event)
    return event


def timeline(session: Session, request_id: UUID) -> list[HistoryEvent]:
    """All facts of a request, oldest first."""
    facts = select(HistoryEvent).where(HistoryEvent.service_request_id == request_id)
    return list(session.scalars(facts.order_by(HistoryEvent.id)))
