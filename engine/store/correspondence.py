"""Tables of what was said to and by customers, and of the codes and links they hold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.lifecycle import CorrespondenceState
from engine.store.base import Base, Identified, Json


class Correspondence(Identified, Base):
    """A message on one channel; the idempotency key makes sure it is written once."""

    __tablename__ = "correspondence"
    __table_args__ = (
        Index("ix_correspondence_created", "created_at", "id"),
        Index("ix_correspondence_due", "due_at", postgresql_where=text("state = 'queued'")),
    )

    service_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_requests.id"), index=True
    )
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.id"))
    channel: Mapped[str]  # "mail", "sms", "whatsapp"
    address: Mapped[str]
    template: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str]
    html: Mapped[str | None]
    registration: Mapped[Json]  # what the channel's operator registered the template as
    attachments: Mapped[list[str]]  # document ids
    masked: Mapped[bool] = mapped_column(default=False)  # holds a one-time code
    state: Mapped[CorrespondenceState] = mapped_column(default=CorrespondenceState.QUEUED)
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str | None]  # RFC 5322, or the provider's
    thread_id: Mapped[str | None]
    carrier: Mapped[str | None]  # what took it: "smtp", "simulator"
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]  # when it may be sent; the lease's end while it is being sent
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class VerificationCode(Identified, Base):
    """A one-time code, kept as a hash, with an end and a number of tries."""

    __tablename__ = "verification_codes"
    __table_args__ = (Index("ix_verification_codes_subject", "purpose", "subject"),)

    purpose: Mapped[str]
    subject: Mapped[str]
    channel: Mapped[str]
    address: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class AccessLink(Identified, Base):
    """A bearer link with one purpose and an end; only its digest is kept."""

    __tablename__ = "access_links"

    digest: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str]
    subject_id: Mapped[UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
