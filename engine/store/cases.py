"""Tables of customers and what they asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.lifecycle import DraftState, RequestStatus
from engine.store.base import Base, Identified, Json


class Customer(Identified, Base):
    """Somebody served; `record` is the built-in system of record's entry."""

    __tablename__ = "customers"

    cin: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    record: Mapped[Json]
    locale: Mapped[str]
    created_at: Mapped[datetime]


class CustomerContact(Identified, Base):
    """A verified way to reach a customer: it finds the customer again."""

    __tablename__ = "customer_contacts"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str]  # "email" or "phone"
    value: Mapped[str]  # normalised: lower case, E.164
    verified_at: Mapped[datetime]


class RecordUpdate(Identified, Base):
    """A change of a customer's record, with what stood there before."""

    __tablename__ = "record_updates"

    idempotency_key: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    service_request_id: Mapped[UUID | None] = mapped_column(ForeignKey("service_requests.id"))
    before: Mapped[Json]
    after: Mapped[Json]
    confirmed_at: Mapped[datetime]


class Draft(Identified, Base):
    """An application being filled in; it already holds the number it will carry."""

    __tablename__ = "drafts"

    request_type_version_id: Mapped[UUID] = mapped_column(ForeignKey("request_type_versions.id"))
    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[DraftState] = mapped_column(default=DraftState.OPEN)
    answers: Mapped[Json]
    locale: Mapped[str]
    consent: Mapped[Json | None]  # notice version, language, moment
    contact_kind: Mapped[str | None]
    contact_value: Mapped[str | None]
    contact_verified_at: Mapped[datetime | None]
    other_contact_kind: Mapped[str | None]  # confirmed after the first one
    other_contact_value: Mapped[str | None]
    other_contact_verified_at: Mapped[datetime | None]
    about_request_id: Mapped[UUID | None]  # the request it is about, as a complaint is
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ServiceRequest(Identified, Base):
    """The customer's case."""

    __tablename__ = "service_requests"
    __table_args__ = (Index("ix_service_requests_submitted", "submitted_at", "id"),)

    number: Mapped[str] = mapped_column(unique=True)
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("drafts.id"), unique=True)
    request_type_version_id: Mapped[UUID] = mapped_column(ForeignKey("request_type_versions.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[RequestStatus] = mapped_column(default=RequestStatus.RECEIVED)
    answers: Mapped[Json]
    locale: Mapped[str]
    email: Mapped[str | None]  # confirmed by a code; what was only stated is among the answers
    phone: Mapped[str | None]  # likewise
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    escalation_level: Mapped[int] = mapped_column(default=0)
    submitted_at: Mapped[datetime]
    due_at: Mapped[datetime]
    promised_at: Mapped[datetime]  # the first promise; a delay moves due_at alone
    promise: Mapped[Json]  # the promise's arithmetic, as printed on the receipt
    ended_at: Mapped[datetime | None]
    about_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_requests.id"), index=True
    )  # the request it is about, as a complaint is


class Delay(Identified, Base):
    """A declared delay: reason, words for the customer, new date."""

    __tablename__ = "delays"

    idempotency_key: Mapped[str] = mapped_column(unique=True)
    service_request_id: Mapped[UUID] = mapped_column(ForeignKey("service_requests.id"), index=True)
    reason: Mapped[str]
    text: Mapped[str]
    due_before: Mapped[datetime]
    due_after: Mapped[datetime]
    declared_at: Mapped[datetime]
    declared_by: Mapped[str]


class Feedback(Identified, Base):
    """What the customer says of a finished request; one answer a request."""

    __tablename__ = "feedback"

    service_request_id: Mapped[UUID] = mapped_column(
        ForeignKey("service_requests.id"), unique=True
    )
    rating: Mapped[int]  # 1 (poor) to 5 (very good)
    comment: Mapped[str]
    given_at: Mapped[datetime]
