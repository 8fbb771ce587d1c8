"""Functions of dates, times and durations (DMN 1.5, tables 74, 80, 81)."""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from engine import clock
from engine.feel import temporal
from engine.feel.library.registry import builtin
from engine.feel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("date", "from: string")
def _date(text: str) -> Value:
    return temporal.parse_date(text)


@builtin("date", "from: moment")
def _date_of(value: date) -> Value:
    return value.date() if isinstance(value, datetime) else value


@builtin("date", "year: number, month: number, day: number")
def _date_from(year: Decimal, month: Decimal, day: Decimal) -> Value:
    return date(int(year), int(month), int(day))


@builtin("time", "from: string")
def _time(text: str) -> Value:
    return temporal.parse_time(text)


@builtin("time", "from: time")
def _same_time(value: time) -> Value:
    return value


@builtin("time", "from: moment")
def _time_of(value: date) -> Value:
    return temporal.as_moment(value).timetz()


@builtin("time", "hour: number, minute: number, second: number, offset: days and time duration?")
def _time_from(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None) -> Value:
    zone: tzinfo | None = None
    if offset is not None:
        zone = temporal.offset_zone(offset)
        if zone is None:
            return None
    micros = int((second - int(second)) * 1_000_000)
    return time(int(hour), int(minute), int(second), micros, zone)


@builtin("date and time", "from: string")
def _moment(text: str) -> Value:
    return temporal.parse_datetime(text)


@builtin("date and time", "from: moment")
def _moment_of(value: date) -> Value:
    return temporal.as_moment(value)


@builtin("date and time", "date: moment, time: time")
def _moment_from(day: date, clock_time: time) -> Value:
    only = day.date() if isinstance(day, datetime) else day
    return datetime.combine(only, clock_time)


@builtin("date and time", "date: date and time, timezone: string")
def _moment_in(value: datetime, zone: str) -> Value:
    found = temporal.named_zone(zone)
    return None if found is None else value.astimezone(found)


@builtin("duration", "from: string")
def _duration(text: str) -> Value:
    return temporal.parse_duration(text)


@builtin("duration", "from: duration")
def _same_duration(value: Value) -> Value:
    return value


@builtin("years and months duration", "from: moment, to: moment")
def _months(start: date, end: date) -> Value:
    return temporal.months_between(start, end)


@builtin("now", "")
def _now() -> Value:
    return clock.now()


@builtin("today", "")
def _today() -> Value:
    return clock.now().date()


@builtin("day of year", "date: moment")
def _day_of_year(value: date) -> Value:
    return Decimal(value.timetuple().tm_yday)


@builtin("day of week", "date: moment")
def _day_of_week(value: date) -> Value:
    return _DAYS[value.weekday()]


@builtin("month of year", "date: moment")
def _month_of_year(value: date) -> Value:
    return _MONTHS[value.month - 1]


@builtin("week of year", "date: moment")
def _week_of_year(value: date) -> Value:
    return Decimal(value.isocalendar().week)


@builtin("last day of month", "date: moment")
def _last_day(value: date) -> Value:
    first = date(value.year, value.month, 1)
    following = temporal.add_months(first, 1)
    return Decimal(31) if following is None else Decimal((following - first).days)
