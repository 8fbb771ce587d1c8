"""Numbers: decimal128, that is 34 significant digits and an exponent up to 6144.

The context is explicit in every operation, so the caller's decimal context never matters.
"""

import math
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

CONTEXT = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
_EXACT_INTEGER = 2**53


def from_python(value: float) -> Decimal | None:
    """The number as Decimal, a float by its shortest text; None for NaN and infinity."""
    if isinstance(value, float):
        return CONTEXT.create_decimal(repr(value)) if math.isfinite(value) else None
    try:
        return CONTEXT.create_decimal(value)
    except Overflow:
        return None


def from_text(text: str) -> Decimal | None:
    """The number a literal spells; None if it is out of range or no number at all."""
    try:
        number = CONTEXT.create_decimal(text)
    except (InvalidOperation, Overflow):
        return None
    return number if number.is_finite() else None


def to_json(number: Decimal) -> int | float | str:
    """A JSON number when that loses nothing, else the digits as text.

    int: integral and within 2**53. float: its shortest text is the same number.
    """
    if abs(number) <= _EXACT_INTEGER and number == number.to_integral_value():
        return int(number)
    as_float = float(number)
    if math.isfinite(as_float) and Decimal(repr(as_float)) == number:
        return as_float
    return to_text(number)


def to_text(number: Decimal) -> str:
    """Plain digits without exponent and without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_index(number: Decimal) -> int | None:
    """The integer a number stands for; None if it is not integral or absurdly large."""
    if number != number.to_integral_value() or abs(number) > _EXACT_INTEGER:
        return None
    return int(number)
