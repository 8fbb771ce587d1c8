"""The text of any value, as `string()` gives it (DMN 1.5, table 76)."""

from datetime import date, time, timedelta
from decimal import Decimal

from engine.feel import numbers, temporal
from engine.feel.limits import spend_text
from engine.feel.values import Function, Range, Value, YearsMonths


def to_text(value: Value) -> str:
    """The value as text; strings stay as they are, strings inside others are quoted."""
    return value if isinstance(value, str) else _quoted(value)


def _quoted(value: Value) -> str:
    if isinstance(value, str):
        text = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif isinstance(value, list):
        text = "[" + ", ".join(_parts(value)) + "]"
    elif isinstance(value, dict):
        pairs = zip(value, _parts(list(value.values())), strict=True)
        text = "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    else:
        text = _atom(value)
    spend_text(len(text))
    return text


def _parts(values: list[Value]) -> list[str]:
    parts: list[str] = []
    total = 0
    for value in values:
        parts.append(_quoted(value))
        total += len(parts[-1])
        spend_text(total) if len(parts) % 1024 == 0 else None
    spend_text(total)
    return parts


def _atom(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return numbers.to_text(value)
    if isinstance(value, timedelta | YearsMonths):
        return temporal.format_duration(value)
    if isinstance(value, date | time):
        return temporal.format_moment(value)
    return _range(value) if isinstance(value, Range) else _function(value)


def _range(value: Range) -> str:
    start = "" if value.start is None else _quoted(value.start)
    end = "" if value.end is None else _quoted(value.end)
    return (
        f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"
    )


def _function(value: Value) -> str:
    names = value.parameters if isinstance(value, Function) else ()
    return f"function({', '.join(names)})"
