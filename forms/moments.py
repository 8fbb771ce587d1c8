"""Dates and times: from HTML inputs to ISO text and back.

An input knows no time zone: its time is meant in the zone the caller gives. How it is kept is
the component's `timeSerializingFormat`; without one, with the zone's offset.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from forms.errors import UnreadableError
from forms.messages import error
from forms.model import Component


@dataclass(frozen=True, slots=True)
class Today:
    """The day and the zone in which a person fills in the form."""

    day: date
    zone: tzinfo


def subtype(component: Component) -> str:
    """One of date, time and datetime."""
    return str(component.settings.get("subtype", "date"))


def read(component: Component, text: str, today: Today) -> str:
    """The ISO text to keep; raises UnreadableError with what to say."""
    kind = subtype(component)
    try:
        if kind == "date":
            return date.fromisoformat(text.strip()).isoformat()
        stamp = _stamp(_moment(kind, text.strip(), today), component, today)
    except (ValueError, OverflowError) as cause:
        raise UnreadableError(error(kind)) from cause
    return stamp if kind == "datetime" else stamp.partition("T")[2]


def for_input(component: Component, text: str, today: Today) -> str:
    """The kept text as the value of an HTML input; what is no date stays as it is."""
    kind = subtype(component)
    if kind == "date":
        return text
    try:
        moment = _moment(kind, text, today)
        local = moment.astimezone(today.zone) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return text
    stamp = local.replace(tzinfo=None).isoformat(timespec="minutes")
    return stamp if kind == "datetime" else stamp.partition("T")[2]


def has_passed(component: Component, text: str, today: Today) -> bool:
    """Whether the day of a date, or of a date with time, lies before today."""
    return subtype(component) != "time" and for_input(component, text, today)[:10] < str(today.day)


def _moment(kind: str, text: str, today: Today) -> datetime:
    if kind == "datetime":
        return datetime.fromisoformat(text)
    return datetime.combine(today.day, time.fromisoformat(text))


def _stamp(moment: datetime, component: Component, today: Today) -> str:
    form = component.settings.get("timeSerializingFormat", "utc_offset")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=today.zone)
    local = aware.astimezone(today.zone)
    if form == "no_timezone":
        return local.replace(tzinfo=None).isoformat(timespec="minutes")
    if form == "utc_normalized":
        utc = aware.astimezone(UTC).replace(tzinfo=None)
        return utc.isoformat(timespec="minutes") + "Z"
    return local.isoformat(timespec="minutes")
