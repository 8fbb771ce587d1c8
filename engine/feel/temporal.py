"""Dates, times and durations: their ISO 8601 texts and the calendar's arithmetic.

A named zone is written after an @ (`10:00:00@Europe/Paris`). Years run from 1 to 9999 and
seconds have six decimals; what lies outside is no value (None).
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.feel.values import YearsMonths

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+\-/]+)?"
)
_MONTHS = re.compile(r"(-)?P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_SECONDS = re.compile(
    r"(-)?P(?:([0-9]{1,12})D)?"
    r"(T(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})(?:\.([0-9]{0,12}))?S)?)?"
)
_MONTHS_OF_YEAR = 12
_OFFSET_HOURS = 14


def parse_date(text: str) -> date | None:
    """The date `YYYY-MM-DD` spells."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """The time of day `HH:MM:SS[.fraction][Z|offset|@zone]` spells."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    zone = _zone(found[5])
    if found[5] and zone is None:
        return None
    micros = int((found[4] or "0").ljust(6, "0")[:6])
    try:
        return time(int(found[1]), int(found[2]), int(found[3]), micros, zone)
    except ValueError:
        return None


def parse_datetime(text: str) -> datetime | None:
    """The moment `dateTtime` spells; a date alone means its midnight."""
    day, separator, clock = text.partition("T")
    the_date = parse_date(day)
    the_time = parse_time(clock) if separator else time()
    if the_date is None or the_time is None:
        return None
    return datetime.combine(the_date, the_time)


def parse_duration(text: str) -> timedelta | YearsMonths | None:
    """The duration ISO text spells: years and months, or days and time, never both."""
    if (found := _MONTHS.fullmatch(text)) and (found[2] or found[3]):
        months = int(found[2] or 0) * _MONTHS_OF_YEAR + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _SECONDS.fullmatch(text)
    if found is None or not (found[2] or found[4] or found[5] or found[6]) or found[3] == "T":
        return None
    try:
        whole = timedelta(
            days=int(found[2] or 0),
            hours=int(found[4] or 0),
            minutes=int(found[5] or 0),
            seconds=int(found[6] or 0),
            microseconds=int((found[7] or "0").ljust(6, "0")[:6]),
        )
    except OverflowError:
        return None
    return -whole if found[1] else whole


def parse_any(text: str) -> date | time | timedelta | YearsMonths | None:
    """What an @ literal spells, by its form."""
    return (
        parse_duration(text)
        or _zero_duration(text)
        or parse_date(text)
        or (parse_datetime(text) if "T" in text else None)
        or parse_time(text)
    )


def _zero_duration(text: str) -> timedelta | YearsMonths | None:
    return parse_duration(text) if "P" in text else None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    parts = [int(part) for part in text[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=[*parts, 0][2])
    return offset_zone(-offset if text[0] == "-" else offset)


def named_zone(name: str) -> tzinfo | None:
    """The zone of the tz database, None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def offset_zone(offset: timedelta) -> tzinfo | None:
    """The fixed zone `offset` ahead of UTC; None beyond what ISO 8601 allows."""
    if abs(offset) > timedelta(hours=_OFFSET_HOURS):
        return None
    return timezone(offset) if offset else UTC


def format_moment(value: date | time) -> str:
    """ISO text of a date, a time or a moment, with @zone for a named zone."""
    if not isinstance(value, datetime | time):
        return value.isoformat()
    text = value.replace(tzinfo=None).isoformat()
    if value.microsecond:
        text = text.rstrip("0")
    return text + _zone_text(value)


def _zone_text(value: datetime | time) -> str:
    if isinstance(value.tzinfo, ZoneInfo):
        return f"@{value.tzinfo.key}"
    if value.tzinfo is UTC:
        return "Z"
    offset = value.utcoffset()
    if offset is None:
        return ""
    minutes, seconds = divmod(abs(offset).seconds, 60)
    sign = "-" if offset < timedelta() else "+"
    text = f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


def format_duration(value: timedelta | YearsMonths) -> str:
    """ISO text of a duration, without parts that are zero."""
    if isinstance(value, YearsMonths):
        return _format_months(value.months)
    sign = "-" if value < timedelta() else ""
    size = abs(value)
    hours, rest = divmod(size.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = _part(hours, "H") + _part(minutes, "M") + _seconds(seconds, size.microseconds)
    text = _part(size.days, "D") + (f"T{clock}" if clock else "")
    return f"{sign}P{text or 'T0S'}"


def _format_months(months: int) -> str:
    years, rest = divmod(abs(months), _MONTHS_OF_YEAR)
    text = _part(years, "Y") + _part(rest, "M")
    return f"{'-' if months < 0 else ''}P{text or '0M'}"


def _part(count: int, unit: str) -> str:
    return f"{count}{unit}" if count else ""


def _seconds(seconds: int, micros: int) -> str:
    if not micros:
        return _part(seconds, "S")
    return f"{seconds}.{micros:06d}".rstrip("0") + "S"


def add_months(value: date, months: int) -> date | None:
    """The same day `months` later, or that month's last day; keeps the time of a moment."""
    index = value.year * _MONTHS_OF_YEAR + value.month - 1 + months
    year, month = divmod(index, _MONTHS_OF_YEAR)
    if not 1 <= year <= 9999:  # noqa: PLR2004 -- the calendar of datetime
        return None
    day = min(value.day, monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def months_between(start: date, end: date) -> YearsMonths:
    """Whole months from `start` to `end`, rounded towards zero."""
    months = (end.year - start.year) * _MONTHS_OF_YEAR + end.month - start.month
    if months > 0 and _rest(end) < _rest(start):
        months -= 1
    elif months < 0 and _rest(end) > _rest(start):
        months += 1
    return YearsMonths(months)


def _rest(value: date) -> tuple[int, time]:
    clock = value.time() if isinstance(value, datetime) else time()
    return value.day, clock


def seconds_of(value: timedelta) -> Decimal:
    """The duration in seconds, exact."""
    micros = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    return Decimal(micros).scaleb(-6)


def as_moment(value: date) -> datetime:
    """A date counts as its midnight in UTC where a moment is asked."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), UTC)
