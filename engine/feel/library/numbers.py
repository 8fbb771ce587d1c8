"""Functions of numbers (DMN 1.5, table 77)."""

from collections.abc import Callable
from datetime import datetime, time
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)

from engine.feel import numbers
from engine.feel.library.registry import builtin
from engine.feel.numbers import CONTEXT
from engine.feel.operators import compare, equal, negate
from engine.feel.texts import to_text
from engine.feel.values import Value

_MIN_SCALE = -6111
_MAX_SCALE = 6176
_NO_SCALE = Decimal(0)
_ROOM = Context(prec=13_000, Emin=-20_000, Emax=20_000, rounding=ROUND_HALF_EVEN)
_ROUNDINGS = {
    "decimal": ROUND_HALF_EVEN,
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
    "round half even": ROUND_HALF_EVEN,
}


def _rounding(mode: str) -> Callable[..., Value]:
    def rounded(number: Decimal, scale: Decimal = _NO_SCALE) -> Value:
        digits = int(scale)
        if not _MIN_SCALE <= digits <= _MAX_SCALE:
            return None
        if -int(number.as_tuple().exponent) <= digits:
            return number  # there is nothing to round away
        step = Decimal(1).scaleb(-digits)
        return CONTEXT.plus(number.quantize(step, rounding=mode, context=_ROOM))

    return rounded


for _name, _mode in _ROUNDINGS.items():
    builtin(_name, "n: number, scale: number")(_rounding(_mode))
builtin("floor", "n: number")(_rounding(ROUND_FLOOR))
builtin("ceiling", "n: number")(_rounding(ROUND_CEILING))


@builtin("number", "from: string, grouping separator: string?, decimal separator: string?")
def _number(text: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    return numbers.from_text(plain) if _is_plain(plain) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and "_" not in text and text == text.strip() and len(text) < _MAX_SCALE


@builtin("number", "from: number")
def _same(number: Decimal) -> Value:
    return number


@builtin("abs", "n: number")
def _abs(number: Decimal) -> Value:
    return CONTEXT.abs(number)


@builtin("abs", "n: duration")
def _abs_duration(value: Value) -> Value:
    negative = negate(value)
    return negative if compare("<", value, negative) else value


@builtin("modulo", "dividend: number, divisor: number")
def _modulo(dividend: Decimal, divisor: Decimal) -> Value:
    rest = CONTEXT.remainder(dividend, divisor)  # its sign is the dividend's, ours the divisor's
    return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number: number")
def _sqrt(number: Decimal) -> Value:
    return CONTEXT.sqrt(number)


@builtin("log", "number: number")
def _log(number: Decimal) -> Value:
    return CONTEXT.ln(number) if number > 0 else None


@builtin("exp", "number: number")
def _exp(number: Decimal) -> Value:
    return CONTEXT.exp(number)


@builtin("odd", "number: number")
def _odd(number: Decimal) -> Value:
    return CONTEXT.abs(CONTEXT.remainder(number, Decimal(2))) == 1


@builtin("even", "number: number")
def _even(number: Decimal) -> Value:
    return CONTEXT.remainder(number, Decimal(2)) == 0


@builtin("not", "negand: any")
def _not(value: Value) -> Value:
    return not value if isinstance(value, bool) else None


@builtin("is", "value1: any?, value2: any?")
def _is(one: Value, other: Value) -> Value:
    if isinstance(one, time | datetime) and isinstance(other, time | datetime):
        return to_text(one) == to_text(other)  # the same moment in two zones is not the same
    return type(one) is type(other) and equal(one, other) is True
