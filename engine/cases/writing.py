"""Values as people write them, in their language and the provider's time zone.

Pages, messages and documents all write through here, so that a date looks the same wherever a
customer or a colleague meets it.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Literal

from babel import Locale, UnknownLocaleError, dates, numbers

DAY = "d MMMM y"
MOMENT = "EEE d MMM y, HH:mm"
YES_NO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "en": ("Yes", "No"),
        "hi": ("हाँ", "नहीं"),
        "pl": ("Tak", "Nie"),
        "ta": ("ஆம்", "இல்லை"),
    }
)
DAY_LONG = timedelta(days=1)
WEEK = timedelta(weeks=1)


def moment(value: datetime, locale: str, zone: tzinfo) -> str:
    """A day with its time: `Sun 22 Nov 2026, 14:05`. One without a zone is taken as local."""
    local = value.astimezone(zone) if value.tzinfo else value
    return dates.format_datetime(local.replace(tzinfo=None), MOMENT, locale=known(locale))


def day(value: date, locale: str, zone: tzinfo) -> str:
    """A day: `22 November 2026`; that of a moment is the provider's."""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(zone)
    plain = value.date() if isinstance(value, datetime) else value
    return dates.format_date(plain, DAY, locale=known(locale))


def duration(length: timedelta, locale: str) -> str:
    """A length of time in whole units: `5 days`, `36 hours`."""
    odd = length % DAY_LONG >= timedelta(hours=1) and length < WEEK
    granularity: Literal["hour", "day"] = "hour" if odd else "day"
    return dates.format_timedelta(
        length, granularity=granularity, threshold=1_000, locale=known(locale)
    )


def distance(length: timedelta, locale: str) -> str:
    """How far a moment is from now: `in 2 days`, `3 hours ago`."""
    return dates.format_timedelta(length, add_direction=True, threshold=1.2, locale=known(locale))


def answer(kind: str, value: object, locale: str, zone: tzinfo) -> str:
    """An answer of a form; `kind` is what `forms.answers` calls it."""
    try:
        return _answer(kind, value, locale, zone)
    except (ValueError, InvalidOperation):  # not what the form lets anybody say
        return str(value)


def known(locale: str) -> Locale:
    """What is known of a language; of an unknown one, English is."""
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _answer(kind: str, value: object, locale: str, zone: tzinfo) -> str:
    text = str(value)
    match kind:
        case "boolean":
            yes, no = YES_NO.get(known(locale).language, YES_NO["en"])
            return yes if value is True else no
        case "number":
            return numbers.format_decimal(Decimal(text), locale=known(locale))
        case "date":
            return day(date.fromisoformat(text), locale, zone)
        case "time":
            return f"{time.fromisoformat(text):%H:%M}"
        case "datetime":
            return moment(datetime.fromisoformat(text), locale, zone)
    return text
