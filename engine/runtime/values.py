"""What the runtime hands out: frozen values, JSON-able all the way down.

Nothing here refers to a SpiffWorkflow object; callers store these values and pass them back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WaitKind(StrEnum):
    USER_TASK = "user_task"  # a person completes it
    JOB = "job"  # a worker completes it
    TIMER = "timer"  # it fires at a moment
    MESSAGE = "message"  # the outside world sends it


@dataclass(frozen=True, slots=True)
class WaitState:
    """One place where an instance waits; `token_id` stays the same until the wait is over.

    `details` by kind. User task: the element's properties, evaluated, and `lane`. Job: `type`,
    `parameters`, `result_variable`, `retries`. Timer: `due_at` (ISO, UTC), `cycle`,
    `expression`, `attached_to`, `interrupting`. Message: `message`, `correlation`.
    """

    token_id: str
    element_id: str
    name: str
    kind: WaitKind
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Passage:
    """A token entered or left an element; `event` is entered, completed, cancelled or error."""

    element_id: str
    name: str
    kind: str
    event: str
    token_id: str


@dataclass(frozen=True, slots=True)
class Step:
    """The instance after one step: the state to keep, what it waits for, what happened.

    `state` leaves the specification out; it is read again only with the same one.
    `end_events` are the end events of the process itself reached in this step.
    """

    state: dict[str, object]
    serializer_version: str
    waits: tuple[WaitState, ...]
    passages: tuple[Passage, ...]
    variables: dict[str, object]
    completed: bool
    end_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """An element of a diagram as others need to know it, without running anything."""

    file: str
    process_id: str
    element_id: str
    name: str
    kind: str
    lane: str | None
    operator: str | None  # what a service task asks for
    properties: Mapping[str, str]
