"""The outbox: every message that went out or waits, as operators read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from engine.cases.paging import Key, Page, page
from engine.errors import NotFoundError
from engine.lifecycle import CorrespondenceState
from engine.store import Correspondence, Document, ServiceRequest

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the outbox."""

    id: UUID
    created_at: datetime
    channel: str
    address: str
    template: str
    subject: str | None
    state: CorrespondenceState
    number: str | None  # of the request it belongs to, if it does


@dataclass(frozen=True, slots=True)
class Message:
    """One message whole, with the number of its request and its attachments."""

    row: Correspondence
    number: str | None
    attachments: tuple[Document, ...]


def entries(
    session: Session,
    *,
    state: CorrespondenceState | None = None,
    after: Key | None = None,
    limit: int = PAGE_SIZE,
) -> Page[Entry]:
    """A page of messages, newest first."""
    query = _listed().order_by(Correspondence.created_at.desc(), Correspondence.id.desc())
    if state is not None:
        query = query.where(Correspondence.state == state)
    if after is not None:
        place = tuple_(Correspondence.created_at, Correspondence.id)
        query = query.where(place < tuple_(after.moment, after.id))
    rows = [Entry(*row) for row in session.execute(query.limit(limit + 1))]
    return page(rows, limit, lambda entry: Key(entry.created_at, entry.id))


def message(session: Session, message_id: UUID) -> Message:
    """One message; raises NotFoundError."""
    row = session.get(Correspondence, message_id)
    if row is None:
        raise NotFoundError
    number = session.scalar(
        select(ServiceRequest.number).where(ServiceRequest.id == row.service_request_id)
    )
    ids = [UUID(identifier) for identifier in row.attachments]
    found = session.scalars(select(Document).where(Document.id.in_(ids))) if ids else ()
    return Message(row, number, tuple(found))


def _listed() -> Select[*tuple[Any, ...]]:
    """The columns of Entry, in its order."""
    return select(
        Correspondence.id,
        Correspondence.created_at,
        Correspondence.channel,
        Correspondence.address,
        Correspondence.template,
        Correspondence.subject,
        Correspondence.state,
        ServiceRequest.number,
    ).outerjoin(ServiceRequest, ServiceRequest.id == Correspondence.service_request_id)
