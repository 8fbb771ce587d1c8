"""The port of a channel: how a message leaves, and what may go wrong.

An adapter sends or raises; it never writes to the database. The reference it returns is what
the carrier calls the message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol
from uuid import UUID

from engine.errors import EngineError


class ChannelError(EngineError):
    """The message could not be handed over; a later try may succeed."""

    code = "channel"
    retryable: ClassVar[bool] = True


class RefusedMessageError(ChannelError):
    """The message may not be sent as it is."""

    code = "refused_message"
    retryable = False


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a channel gets it. `id` stays the same over all tries."""

    id: UUID
    address: str
    body: str = field(repr=False)
    subject: str = ""
    html: str | None = field(default=None, repr=False)
    locale: str = "en"
    thread: str | None = None
    registration: Mapping[str, object] = field(default_factory=dict, repr=False)
    attachments: Sequence[Attachment] = ()
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who took the message, and what they call it."""

    carrier: str
    reference: str


class Carrier(Protocol):
    def __call__(self, message: Outgoing, /) -> Receipt:
        """Hand the message over; raises ChannelError."""
        ...
