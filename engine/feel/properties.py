"""What a dot reads: entries of contexts and the standard's properties (DMN 1.5, table 65)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel import temporal
from engine.feel.limits import spend_items
from engine.feel.values import Range, Value, YearsMonths


def read(value: Value, name: str) -> Value:
    """The entry or property; of a list, that of each item; null if there is none."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        spend_items(len(value))
        return [read(item, name) for item in value]
    known = _PROPERTIES.get(type(value), {}).get(name)
    try:
        return None if known is None else known(value)
    except (ArithmeticError, ValueError):  # a zone's offset at the ends of the calendar
        return None


def _zone_name(zone: tzinfo | None) -> str | None:
    if isinstance(zone, ZoneInfo):
        return zone.key
    return None


def _parts(size: timedelta) -> tuple[int, int, int, Decimal]:
    """Days, hours, minutes and seconds, all with the duration's sign."""
    sign = -1 if size < timedelta() else 1
    hours, rest = divmod(abs(size).seconds, 3600)
    seconds = Decimal(abs(size).microseconds).scaleb(-6) + rest % 60
    return sign * abs(size).days, sign * hours, sign * (rest // 60), sign * seconds


def _whole(months: int, unit: int) -> Decimal:
    size = abs(months) // 12 if unit else abs(months) % 12
    return Decimal(-size if months < 0 else size)


_DATE: dict[str, Callable[..., Value]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_CLOCK: dict[str, Callable[..., Value]] = {
    "hour": lambda value: Decimal(value.hour),
    "minute": lambda value: Decimal(value.minute),
    "second": lambda value: Decimal(value.second),
    "time offset": lambda value: value.utcoffset(),
    "timezone": lambda value: _zone_name(value.tzinfo),
}
_PROPERTIES: dict[type, dict[str, Callable[..., Value]]] = {
    datetime: _DATE | _CLOCK,
    time: _CLOCK,
    timedelta: {
        "days": lambda value: Decimal(_parts(value)[0]),
        "hours": lambda value: Decimal(_parts(value)[1]),
        "minutes": lambda value: Decimal(_parts(value)[2]),
        "seconds": lambda value: _parts(value)[3],
    },
    YearsMonths: {
        "years": lambda value: _whole(value.months, 1),
        "months": lambda value: _whole(value.months, 0),
    },
    Range: {
        "start": lambda value: value.start,
        "end": lambda value: value.end,
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}
_PROPERTIES[date] = _DATE | {
    name: (lambda value, part=part: part(temporal.as_moment(value)))
    for name, part in _CLOCK.items()
}
