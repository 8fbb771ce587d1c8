"""Tables of documents: bytes by digest, never altered, and what is known of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engine.lifecycle import DocumentState
from engine.store.base import Base, Identified, Json


class Blob(Base):
    """Bytes under their SHA-256."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(primary_key=True)  # hexadecimal
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False), raiseload=True)
    size: Mapped[int]  # bytes
    stored_at: Mapped[datetime]


class Document(Identified, Base):
    """One document of a draft or a case; `item` names its place in the checklist."""

    __tablename__ = "documents"
    __table_args__ = (Index("ix_documents_digest", "digest"),)

    digest: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.id"), index=True)
    service_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_requests.id"), index=True
    )
    kind: Mapped[str]  # see engine.cases.documents.Kind
    item: Mapped[str | None]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    state: Mapped[DocumentState] = mapped_column(default=DocumentState.RECEIVED)
    reason: Mapped[str | None]
    reviewed_by: Mapped[str | None]
    reviewed_at: Mapped[datetime | None]
    facts: Mapped[Json]  # signatures, original digest of a re-encoded photo
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
