"""When a timer is due: FEEL, or a bare ISO 8601 duration, moment or cycle.

Moments leave here aware and in UTC. A local time without offset is read in the provider's
time zone of that day, so a change to daylight saving time moves nothing.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from engine import clock, feel, settings

_DURATION = re.compile(r"-?P(?=[0-9T])[0-9YMWDTHS.,]+")
_WEEKS = re.compile(r"P(\d{1,5})W")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:\d{2}(@.+)?)?)?")
_CYCLE = re.compile(r"R(\d{0,6})/(?:(?P<start>[^/]+)/)?(?P<period>P[^/]+)")
Evaluate = Callable[[str], object]


class NotAMomentError(ValueError):
    """The text gives no moment, duration or cycle."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """A cycle under way: its next round, counted from a fixed moment, and how many are left.

    Counting from one moment keeps a monthly cycle on the 31st wherever a month has one.
    """

    anchor: datetime
    period: object
    left: int | None  # None: without end
    number: int = 0

    @property
    def due_at(self) -> datetime:
        """When the next round is due."""
        return _after(self.anchor, _times(self.period, self.number))

    def next(self) -> "Rounds | None":
        """What follows a round fired now; rounds missed meanwhile are gone. None at the end."""
        now, number = clock.now(), self.number + 1
        if isinstance(self.period, timedelta):
            number = max(number, (now - self.anchor) // self.period)
        while _after(self.anchor, _times(self.period, number)) <= now:
            number += 1
        left = None if self.left is None else self.left - (number - self.number)
        if left is not None and left <= 0:
            return None
        return Rounds(self.anchor, self.period, left, number)

    def memory(self) -> list[object]:
        """The cycle as JSON, for `resumed`."""
        return [self.anchor.isoformat(), feel.to_json(self.period), self.left, self.number]


def resumed(memory: list[Any]) -> Rounds:
    """The cycle that a state remembers."""
    anchor, period, left, number = memory
    return Rounds(datetime.fromisoformat(anchor), _value(period), left, number)


def is_bare(text: str) -> bool:
    """Whether the text is ISO 8601 itself and not an expression."""
    return any(pattern.fullmatch(text) for pattern in (_DURATION, _MOMENT, _CYCLE))


def is_like_cycle(text: str) -> bool:
    """Whether the text begins like a cycle, which as FEEL would be a division."""
    return re.match(r"R[0-9]*/", text) is not None


def due(text: str, evaluate: Evaluate) -> datetime:
    """The moment a date or duration stands for, from now; raises NotAMomentError."""
    return _moment(_value(text) if is_bare(text) else evaluate(text), text)


def rounds(text: str, evaluate: Evaluate) -> Rounds:
    """The cycle a text stands for; a plain duration repeats without end."""
    found = text if is_bare(text) else evaluate(text)
    if isinstance(found, str) and (match := _CYCLE.fullmatch(found)):
        period = _value(match["period"])
        start = _moment(_value(match["start"]), text) if match["start"] else None
        left = int(match[1]) if match[1] else None
        if left == 0:
            raise NotAMomentError(f"{text[:80]!r} never fires.")
    else:
        period, start, left = _value(found) if isinstance(found, str) else found, None, None
    if _is_too_short(period):
        raise NotAMomentError(f"{text[:80]!r} gives no period of a minute or more.")
    return Rounds(start or _after(clock.now(), period), period, left)


def local(moment: datetime) -> datetime:
    """The moment in UTC; without an offset it is a time of the provider's zone."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=_zone())).astimezone(UTC)
    except OverflowError:
        raise NotAMomentError(f"{moment.isoformat()} lies too far away.") from None


def _zone() -> tzinfo:
    """The provider's time zone; UTC where no settings are in use, as when checking a file."""
    try:
        return settings.current().provider_timezone
    except settings.SettingsError:
        return UTC


def _moment(found: object, text: str) -> datetime:
    if isinstance(found, str) and is_bare(found):
        found = _value(found)
    if isinstance(found, datetime):
        return local(found)
    if isinstance(found, date):
        return local(datetime.combine(found, time()))
    if isinstance(found, timedelta | feel.YearsMonths):
        return _after(clock.now(), found)
    raise NotAMomentError(
        f"{text[:80]!r} gives {feel.to_json(found)!r}, no moment and no duration."
    )


def _value(text: str) -> object:
    """The FEEL value of ISO 8601 text; FEEL has no weeks (ISO 8601-1, 5.5.2.4)."""
    if weeks := _WEEKS.fullmatch(text):
        return timedelta(weeks=int(weeks[1]))
    function = "duration" if _DURATION.fullmatch(text) else "date and time"
    if len(text) == len("2026-01-01"):
        function = "date" if function != "duration" else function
    return feel.evaluate(f"{function}(text)", {"text": text})


def _after(start: datetime, period: object) -> datetime:
    try:
        if isinstance(period, timedelta):
            return start + period
        found = feel.evaluate("start + period", {"start": start, "period": period})
    except OverflowError:
        found = None
    if not isinstance(found, datetime):
        raise NotAMomentError("The moment lies too far away.")
    return found


def _times(period: object, number: int) -> object:
    if isinstance(period, feel.YearsMonths):
        return feel.YearsMonths(period.months * number)
    return period * number if isinstance(period, timedelta) else period


def _is_too_short(period: object) -> bool:
    if isinstance(period, feel.YearsMonths):
        return period.months < 1
    return not isinstance(period, timedelta) or period < timedelta(minutes=1)
