"""The SLA policy of a request type: the promised time and the ladder of escalation.

For now time is counted as elapsed time, round the clock, and every promise says so.
Calendars replace `_add` alone; nothing else adds a duration to a moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

from engine import feel
from engine.errors import InvalidError

ELAPSED = "elapsed"


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the ladder: when it begins after receipt, and whose queue gets the case."""

    number: int
    after: timedelta
    group: str


@dataclass(frozen=True, slots=True)
class Policy:
    """The promised time, how it is counted, and the ladder, lowest level first."""

    promised: timedelta
    counts: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A due moment (aware, UTC) with the arithmetic a person can follow, and what pauses it."""

    due_at: datetime
    counts: str
    duration: timedelta
    pauses: tuple[str, ...] = ()


def promise(policy: Policy, start: datetime) -> Promise:
    """The moment by which a request received at `start` (aware) is promised to be done."""
    return Promise(_add(policy, start, policy.promised), policy.counts, policy.promised)


def level_due(policy: Policy, start: datetime, number: int) -> datetime:
    """The moment a request received at `start` climbs to level `number`.

    Raises InvalidError for a level the policy does not have.
    """
    for level in policy.levels:
        if level.number == number:
            return _add(policy, start, level.after)
    raise InvalidError(f"The SLA policy has no level {number}.")


def read_policy(table: Mapping[str, object]) -> Policy:
    """The policy in the `[sla]` table of a request_type.toml.

    Raises InvalidError that names the key at fault.
    """
    counts = table.get("counts", ELAPSED)
    if counts != ELAPSED:
        raise InvalidError(f'sla.counts: only "{ELAPSED}" is understood, not {counts!r}.')
    levels = cast("Sequence[Mapping[str, object]]", table.get("levels", ()))
    ladder = tuple(_read_level(level) for level in levels)
    if [level.number for level in ladder] != list(range(1, len(ladder) + 1)):
        raise InvalidError("sla.levels: number the levels 1, 2, 3 in this order.")
    if any(low.after >= high.after for low, high in pairwise(ladder)):
        raise InvalidError("sla.levels: each level must begin later than the one below it.")
    return Policy(_duration(table, "promise"), ELAPSED, ladder)


def _read_level(table: Mapping[str, object]) -> Level:
    number, group = table.get("level"), table.get("group")
    if not isinstance(number, int) or not isinstance(group, str):
        raise InvalidError("sla.levels: each level needs level = <number> and group = <name>.")
    return Level(number, _duration(table, "after"), group)


def _duration(table: Mapping[str, object], key: str) -> timedelta:
    """A positive ISO 8601 days-and-time duration."""
    text = table.get(key)
    value = feel.evaluate("duration(text)", {"text": text}) if isinstance(text, str) else None
    if not isinstance(value, timedelta) or value <= timedelta():
        raise InvalidError(f'sla.{key}: give a duration such as "P5D" or "PT36H", not {text!r}.')
    return value


def _add(policy: Policy, start: datetime, duration: timedelta) -> datetime:
    if policy.counts != ELAPSED:  # read_policy lets nothing else pass
        raise InvalidError(f"Nothing counts time as {policy.counts!r}.")
    return start + duration
