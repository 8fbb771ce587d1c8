"""Tables of running processes: every wait state of an instance is a row.

Lock order: the process instance first, then its rows.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.lifecycle import (
    IncidentState,
    InstanceState,
    JobState,
    MessageState,
    SubscriptionState,
    TimerState,
    UserTaskState,
)
from engine.store.base import Base, Identified, Json


class ProcessInstance(Identified, Base):
    """One run of a definition; `workflow_state` leaves the specification out."""

    __tablename__ = "process_instances"

    process_definition_id: Mapped[UUID] = mapped_column(ForeignKey("process_definitions.id"))
    service_request_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("service_requests.id"), index=True
    )
    state: Mapped[InstanceState] = mapped_column(default=InstanceState.ACTIVE)
    # JSON, not JSONB: written whole at every step and never queried.
    workflow_state: Mapped[Json] = mapped_column(JSON)
    serializer_version: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WaitRow(Identified):
    """What all wait states share: whose they are and which token they hold."""

    process_instance_id: Mapped[UUID] = mapped_column(
        ForeignKey("process_instances.id"), index=True
    )
    token_id: Mapped[str]
    element_id: Mapped[str]
    created_at: Mapped[datetime]


class UserTask(WaitRow, Base):
    """Work for a person."""

    __tablename__ = "user_tasks"
    __table_args__ = (
        UniqueConstraint("process_instance_id", "token_id"),
        Index(
            "ix_user_tasks_open",
            "due_at",
            "id",
            postgresql_where=text("state in ('created', 'claimed')"),
        ),
        Index("ix_user_tasks_groups", "candidate_groups", postgresql_using="gin"),
        Index("ix_user_tasks_assignee", "assignee_id", postgresql_where=text("state = 'claimed'")),
    )

    name: Mapped[str]
    state: Mapped[UserTaskState] = mapped_column(default=UserTaskState.CREATED)
    candidate_groups: Mapped[list[str]]
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    priority: Mapped[int] = mapped_column(default=50)
    due_at: Mapped[datetime]
    details: Mapped[Json]  # the element's evaluated properties: form, documents, instructions
    answers: Mapped[Json | None]  # what the assignee has typed so far, then what was decided
    claimed_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class Job(WaitRow, Base):
    """Work for a machine; its id is the idempotency key of its effect."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("process_instance_id", "token_id"),
        Index(
            "ix_jobs_due",
            "due_at",
            postgresql_where=text("state in ('available', 'executing', 'retryable')"),
        ),
    )

    type: Mapped[str]
    state: Mapped[JobState] = mapped_column(default=JobState.AVAILABLE)
    parameters: Mapped[Json]
    result_variable: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)  # claims so far: the fencing token
    failures: Mapped[int] = mapped_column(default=0)  # tries that reported an error
    lost_leases: Mapped[int] = mapped_column(default=0)  # tries that never reported
    max_attempts: Mapped[int]
    due_at: Mapped[datetime]  # when it may be claimed; the lease's end while it executes
    output: Mapped[Json | None]
    last_error: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    caused_by: Mapped[str | None]  # the number of the web request it follows from, for the logs


class Timer(WaitRow, Base):
    """A due moment of a timer event."""

    __tablename__ = "timers"
    __table_args__ = (
        Index("ix_timers_due", "due_at", postgresql_where=text("state = 'created'")),
    )

    state: Mapped[TimerState] = mapped_column(default=TimerState.CREATED)
    due_at: Mapped[datetime]
    expression: Mapped[str]
    triggered_at: Mapped[datetime | None]


class MessageSubscription(WaitRow, Base):
    """An instance that waits for a BPMN message."""

    __tablename__ = "message_subscriptions"
    __table_args__ = (
        Index(
            "ix_message_subscriptions_open",
            "message",
            "correlation",
            postgresql_where=text("state = 'open'"),
        ),
    )

    message: Mapped[str]
    correlation: Mapped[str]
    state: Mapped[SubscriptionState] = mapped_column(default=SubscriptionState.OPEN)


class Message(Identified, Base):
    """A message, kept until someone waits for it or its time is over."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_waiting",
            "name",
            "correlation",
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    name: Mapped[str]
    correlation: Mapped[str]
    payload: Mapped[Json]
    idempotency_key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[MessageState] = mapped_column(default=MessageState.WAITING)
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    process_instance_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_instances.id"))


class Incident(Identified, Base):
    """A stop that needs a person; `advice` says what that person can do."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_open", "process_instance_id", postgresql_where=text("state = 'open'")),
    )

    process_instance_id: Mapped[UUID] = mapped_column(ForeignKey("process_instances.id"))
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id"))
    element_id: Mapped[str | None]
    kind: Mapped[str]
    message: Mapped[str]
    advice: Mapped[str]
    state: Mapped[IncidentState] = mapped_column(default=IncidentState.OPEN)
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    note: Mapped[str | None]
