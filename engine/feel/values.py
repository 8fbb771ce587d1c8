"""Values of FEEL: what an expression can see, and how JSON becomes it and back.

Inside the language there are None, bool, Decimal, str, date, time, datetime, timedelta,
YearsMonths, Range, Function, list and dict with str keys, and nothing else: `from_json` lets
no other object of Python in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel import numbers
from engine.feel.errors import FeelLimitError
from engine.feel.limits import MAX_DEPTH, MAX_STEPS, spend

Value = object


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of whole months; negative ones go back."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; None as an end means unbounded."""

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something an expression can call, with the names of its parameters."""

    parameters: tuple[str, ...]
    body: Callable[[Sequence[Value]], Value]
    types: tuple[object, ...] = ()
    result: object = None
    fixed: bool = True  # False: any number of arguments


ATOMS = frozenset(
    (type(None), bool, Decimal, str, date, time, datetime, timedelta, YearsMonths, Range, Function)
)


def from_json(value: object, depth: int = 0) -> Value:
    """The FEEL value of JSON or of a FEEL value; what is neither becomes null.

    Raises FeelLimitError for values nested deeper than MAX_DEPTH.
    """
    if type(value) in ATOMS:
        return value
    if isinstance(value, int | float):
        return numbers.from_python(value)
    if depth > MAX_DEPTH:
        raise FeelLimitError("A value is nested too deeply.")
    if isinstance(value, Mapping):
        spend(1 + len(value) // 8)
        return {str(key): from_json(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        spend(1 + len(value) // 8)
        return [from_json(item, depth + 1) for item in value]
    return str(value) if isinstance(value, str) else None


def to_json(value: Value) -> object:
    """JSON that stands for the value without loss of digits.

    Numbers: int if integral within 2**53, float if its shortest text is the same number, else
    text. Dates, times and durations: ISO 8601 text. Range: FEEL text. Function: null.
    """
    return _Writer().write(value, 0)


class _Writer:
    """Counts what it writes: lists that share parts can be exponentially large written out."""

    def __init__(self) -> None:
        self.left = MAX_STEPS

    def write(self, value: Value, depth: int) -> object:
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0:
            raise FeelLimitError("The result is too large.")
        if value is None or isinstance(value, bool | str | int | float):
            return value
        if isinstance(value, Decimal):
            return numbers.to_json(value)
        if isinstance(value, Mapping):
            return {str(key): self.write(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.write(item, depth + 1) for item in value]
        return _text(value)


def _text(value: Value) -> str | None:
    from engine.feel.texts import to_text

    return None if isinstance(value, Function) else to_text(value)
