"""Operators: equality, order, logic and arithmetic, with null wherever kinds do not fit.

DMN 1.5, tables 50 to 57. Nothing here raises but FeelLimitError.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt

from engine.feel import temporal
from engine.feel.limits import spend, spend_text
from engine.feel.numbers import CONTEXT
from engine.feel.values import Function, Range, Value, YearsMonths

_SHORT = 200  # characters
_MAX_MONTHS = 10**15  # far beyond any calendar, and cheap to print
_ORDERED = frozenset((Decimal, str, date, time, datetime, timedelta, YearsMonths))
_ORDER: dict[str, Callable[[object, object], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}  # type: ignore[dict-item]  # the kinds are checked first


def equal(left: Value, right: Value) -> bool | None:
    """Whether the values are the same; None if their kinds differ."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return _equal_contexts(left, right)
    if isinstance(left, Function):
        return True if left is right else None
    if isinstance(left, str):
        _pay(left)
    return left == right


def _pay(text: str) -> None:
    """Comparing texts costs time only when they are long."""
    if len(text) > _SHORT:
        spend_text(len(text))


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    if len(left) != len(right):
        return False
    spend(len(left))
    return both(equal(one, other) for one, other in zip(left, right, strict=True))


def _equal_contexts(left: dict[str, Value], right: dict[str, Value]) -> bool | None:
    if left.keys() != right.keys():
        return False
    spend(len(left))
    return both(equal(one, right[key]) for key, one in left.items())


def both(values: object) -> bool | None:
    """Three-valued `and` over any number of values."""
    result: bool | None = True
    for value in values:  # type: ignore[attr-defined]  # any iterable
        if value is False:
            return False
        if value is not True:
            result = None
    return result


def either(values: object) -> bool | None:
    """Three-valued `or` over any number of values."""
    result: bool | None = False
    for value in values:  # type: ignore[attr-defined]  # any iterable
        if value is True:
            return True
        if value is not False:
            result = None
    return result


def compare(symbol: str, left: Value, right: Value) -> bool | None:
    """Answer `left symbol right`; None if the values have no common order."""
    if symbol == "=":
        return equal(left, right)
    if symbol == "!=":
        same = equal(left, right)
        return None if same is None else not same
    if type(left) is not type(right) or type(left) not in _ORDERED:
        return None
    if isinstance(left, str):
        _pay(left)
    try:
        return _ORDER[symbol](left, right)
    except (TypeError, ArithmeticError, ValueError):  # a moment without a zone, or out of range
        return None


def contains(interval: Range, value: Value) -> bool | None:
    """Whether the value lies in the interval."""
    if interval.start is None and interval.end is None:
        return None
    low: bool | None = True
    high: bool | None = True
    if interval.start is not None:
        low = compare(">=" if interval.start_included else ">", value, interval.start)
    if interval.end is not None:
        high = compare("<=" if interval.end_included else "<", value, interval.end)
    return both((low, high))


def negate(value: Value) -> Value:
    """Answer `-value`."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, timedelta):
        return -value
    return YearsMonths(-value.months) if isinstance(value, YearsMonths) else None


def arithmetic(symbol: str, left: Value, right: Value) -> Value:
    """Answer `left symbol right` for numbers, strings, dates, times and durations."""
    try:
        if type(left) is Decimal and type(right) is Decimal:
            return _NUMERIC[symbol](left, right)
        if symbol == "+":
            return _add(left, right)
        if symbol == "-":
            return _subtract(left, right)
        if symbol in ("*", "/"):
            return _scale(symbol, left, right)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return None


_NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
    "**": CONTEXT.power,
}


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        spend_text(len(left) + len(right))
        return left + right
    if isinstance(left, timedelta | YearsMonths) and isinstance(right, date | time):
        left, right = right, left
    if isinstance(right, timedelta | YearsMonths):
        return _shift(left, right)
    return None


def _subtract(left: Value, right: Value) -> Value:
    if isinstance(right, timedelta | YearsMonths):
        return _shift(left, negate(right))
    if isinstance(left, time) and isinstance(right, time):
        return _moment(left) - _moment(right)
    if isinstance(left, date) and isinstance(right, date):
        if type(left) is date and type(right) is date:
            return left - right
        return temporal.as_moment(left) - temporal.as_moment(right)
    return None


def _shift(value: Value, by: Value) -> Value:
    if isinstance(by, YearsMonths):
        if isinstance(value, YearsMonths):
            return _months(value.months + by.months)
        return temporal.add_months(value, by.months) if isinstance(value, date) else None
    if not isinstance(by, timedelta):
        return None
    if isinstance(value, timedelta):
        return value + by
    return _shift_moment(value, by) if isinstance(value, date | time) else None


def _shift_moment(value: date | time, by: timedelta) -> date | time:
    """Elapsed time, so across a change of the clocks it goes through UTC."""
    if isinstance(value, time):
        return (_moment(value) + by).timetz()
    if not isinstance(value, datetime):
        return (datetime.combine(value, time()) + by).date()
    if value.tzinfo is None:
        return value + by
    return (value.astimezone(UTC) + by).astimezone(value.tzinfo)


def _moment(value: time) -> datetime:
    return datetime.combine(date(2000, 1, 1), value)


def _scale(symbol: str, left: Value, right: Value) -> Value:
    if symbol == "*" and isinstance(left, Decimal):
        left, right = right, left
    operate = _NUMERIC[symbol]
    if isinstance(right, Decimal):
        return _resized(left, lambda size: operate(size, right))
    if symbol == "/" and isinstance(left, timedelta) and isinstance(right, timedelta):
        return operate(temporal.seconds_of(left), temporal.seconds_of(right))
    if symbol == "/" and isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return operate(Decimal(left.months), Decimal(right.months))
    return None


def _resized(value: Value, change: Callable[[Decimal], Decimal]) -> Value:
    if isinstance(value, timedelta):
        micros = CONTEXT.scaleb(change(temporal.seconds_of(value)), 6)
        return timedelta(microseconds=int(micros))
    if isinstance(value, YearsMonths):
        return _months(int(change(Decimal(value.months))))
    return None


def _months(count: int) -> YearsMonths | None:
    return YearsMonths(count) if abs(count) <= _MAX_MONTHS else None
