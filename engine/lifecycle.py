"""States of everything that has one, and the one table of legal moves.

A row changes its state only through `move`, so a state nobody foresaw is an error at the
place that wanted it and never a row that nobody picks up.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from engine.errors import IllegalMoveError


class InstanceState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"  # an incident or an operator holds it
    COMPLETED = "completed"
    TERMINATED = "terminated"


class UserTaskState(StrEnum):
    CREATED = "created"
    CLAIMED = "claimed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobState(StrEnum):
    AVAILABLE = "available"
    EXECUTING = "executing"  # leased; past its due time the lease is lost
    RETRYABLE = "retryable"  # failed, waits for its back-off
    COMPLETED = "completed"
    FAILED = "failed"  # no tries left: an incident is open
    CANCELLED = "cancelled"


class TimerState(StrEnum):
    CREATED = "created"
    TRIGGERED = "triggered"
    CANCELLED = "cancelled"


class SubscriptionState(StrEnum):
    OPEN = "open"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class MessageState(StrEnum):
    WAITING = "waiting"  # kept until someone waits for it or its time is over
    DELIVERED = "delivered"
    EXPIRED = "expired"


class IncidentState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"


class RequestStatus(StrEnum):
    """What a customer is told; internal states stay apart."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    RESOLVED = "resolved"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    MERGED = "merged"


class DocumentState(StrEnum):
    RECEIVED = "received"
    QUARANTINED = "quarantined"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNCLEAR = "unclear"


class CorrespondenceState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    RECEIVED = "received"


class DraftState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    DISCARDED = "discarded"


S = TypeVar("S", bound=StrEnum)

_LIVE = frozenset({"received", "in_progress", "waiting_for_customer", "reopened"})
_ENDS = frozenset({"resolved", "awaiting_confirmation", "withdrawn", "rejected", "merged"})
_REVIEW = frozenset({"received", "accepted", "rejected", "unclear"})

MOVES: Mapping[type[StrEnum], Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        InstanceState: {
            "active": frozenset({"suspended", "completed", "terminated"}),
            "suspended": frozenset({"active", "terminated"}),
        },
        UserTaskState: {
            "created": frozenset({"claimed", "completed", "cancelled"}),
            "claimed": frozenset({"created", "claimed", "completed", "cancelled"}),
        },
        JobState: {
            "available": frozenset({"executing", "cancelled", "failed"}),
            # An executing job is claimed again when its lease is lost.
            "executing": frozenset({"executing", "completed", "retryable", "failed", "cancelled"}),
            "retryable": frozenset({"executing", "cancelled", "failed"}),
            "failed": frozenset({"available", "completed", "cancelled"}),
        },
        TimerState: {"created": frozenset({"triggered", "cancelled"})},
        SubscriptionState: {"open": frozenset({"received", "cancelled"})},
        MessageState: {"waiting": frozenset({"delivered", "expired"})},
        IncidentState: {"open": frozenset({"resolved"})},
        RequestStatus: {
            **{live: (_LIVE | _ENDS) - {live} for live in _LIVE},
            "resolved": frozenset({"awaiting_confirmation", "closed", "reopened"}),
            "awaiting_confirmation": frozenset({"closed", "reopened", "withdrawn", "rejected"}),
            "closed": frozenset({"reopened"}),
        },
        DocumentState: {
            **{state: (_REVIEW | {"quarantined"}) - {"received"} for state in _REVIEW},
            "quarantined": frozenset({"received", "rejected"}),
        },
        CorrespondenceState: {
            "queued": frozenset({"sent", "failed"}),
            "sent": frozenset({"delivered", "failed"}),
            "failed": frozenset({"queued"}),
        },
        DraftState: {"open": frozenset({"submitted", "discarded"})},
    }
)


def move(current: S, target: S) -> S:
    """The target state, if it may follow the current one.

    Raises IllegalMoveError otherwise.
    """
    if target.value not in MOVES[type(current)].get(current.value, frozenset()):
        raise IllegalMoveError(
            f"{type(current).__name__}: {current.value} cannot become {target.value}.",
            current=current.value,
            target=target.value,
        )
    return target
