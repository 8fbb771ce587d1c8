"""Values as text in HTML and as JSON: the two shapes in which an answer leaves the process."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from forms.limits import EXPONENT


def token(value: object) -> str:
    """The text by which a form's HTML names a value; equal values have equal tokens."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return plain(Decimal(str(value)))
    shape = to_json(value)
    if isinstance(shape, str):
        return shape
    return json.dumps(shape, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def plain(number: Decimal) -> str:
    """The number without exponent and without zeros at the end of its decimals."""
    if not number.is_finite():
        return str(number)
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def to_json(value: object) -> object:
    """The value as what JSON knows: whole numbers as int, others as float, dates as ISO text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | float):
        return _number(Decimal(str(value)))
    if isinstance(value, Mapping):
        return {str(name): to_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(inner) for inner in value]
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return _duration(value) if isinstance(value, timedelta) else str(value)


def to_feel(value: object) -> object:
    """The JSON value as FEEL reads it: numbers as Decimal."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
        return number if number.is_finite() else None
    if isinstance(value, Mapping):
        return {name: to_feel(inner) for name, inner in value.items()}
    return [to_feel(inner) for inner in value] if isinstance(value, list | tuple) else value


def _number(number: Decimal) -> object:
    if not number.is_finite():
        return None
    whole = number.adjusted() < EXPONENT and number == number.to_integral_value()
    return int(number) if whole else float(number)


def _duration(value: timedelta) -> str:
    sign, rest = ("-", -value) if value < timedelta() else ("", value)
    seconds = Decimal(rest.seconds) + Decimal(rest.microseconds) / 1_000_000
    return f"{sign}P{rest.days}DT{plain(seconds)}S"
