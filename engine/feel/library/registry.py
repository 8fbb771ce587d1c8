"""The table of built-in functions, and how arguments come to their parameters.

A signature is text: `string: string, start position: number, length: number?`. A `?` makes a
parameter optional, `...` takes the rest as a list. Wrong arguments give null, never an error.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.limits import spend
from engine.feel.values import Function, Range, Value, YearsMonths

KINDS: dict[str, tuple[type, ...]] = {
    "any": (object,),
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "date": (date,),
    "time": (time,),
    "date and time": (datetime,),
    "moment": (date, datetime),
    "duration": (timedelta, YearsMonths),
    "days and time duration": (timedelta,),
    "years and months duration": (YearsMonths,),
    "range": (Range,),
    "function": (Function,),
    "temporal": (date, time, datetime, timedelta, YearsMonths),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `any` takes null too, an optional one takes null for its absence."""

    name: str
    kinds: tuple[type, ...]
    optional: bool
    rest: bool


@dataclass(frozen=True, slots=True)
class Builtin:
    """One signature of a built-in function."""

    parameters: tuple[Parameter, ...]
    body: Callable[..., Value]


FUNCTIONS: dict[str, list[Builtin]] = {}
NOT_FITTING = object()
Body = Callable[..., Value]


def builtin(name: str, signature: str) -> Callable[[Body], Body]:
    """Enter the decorated function under this name with this signature."""
    parameters = tuple(_parameter(part) for part in signature.split(", ") if part)

    def enter(body: Body) -> Body:
        FUNCTIONS.setdefault(name, []).append(Builtin(parameters, body))
        return body

    return enter


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(": ")
    plain = kind.rstrip("?.")
    return Parameter(name, KINDS[plain], kind.endswith("?"), kind.endswith("..."))


def find(name: str) -> list[Builtin] | None:
    """The signatures of a built-in function."""
    return FUNCTIONS.get(name)


def function_names() -> frozenset[str]:
    """Names of all built-in functions."""
    return frozenset(FUNCTIONS)


def call(signatures: list[Builtin], values: Sequence[Value], names: Sequence[str]) -> Value:
    """The result of the first signature the arguments fit; null if none, or on wrong kinds."""
    spend()
    for signature in signatures:
        given = _named(signature, values, names) if names else _placed(signature, values)
        if given is None:
            continue
        fitted = [_fit(*pair) for pair in zip(signature.parameters, given, strict=True)]
        if any(value is NOT_FITTING for value in fitted):
            continue
        try:
            return signature.body(*fitted)
        except (ArithmeticError, ValueError, TypeError):
            continue
    return None


def _placed(signature: Builtin, values: Sequence[Value]) -> list[Value] | None:
    """A value for each parameter by position; None if there are too many or too few."""
    parameters = signature.parameters
    given = list(values)
    if parameters and parameters[-1].rest:
        fixed = len(parameters) - 1
        return [*given[:fixed], given[fixed:]] if len(given) > fixed else None
    if len(given) > len(parameters):
        return None
    missing = parameters[len(given) :]
    return [*given, *(None for _ in missing)] if all(one.optional for one in missing) else None


def _named(
    signature: Builtin, values: Sequence[Value], names: Sequence[str]
) -> list[Value] | None:
    """A value for each parameter by name; None if a name is strange, twice there, or missing."""
    given = dict(zip(names, values, strict=True))
    known = {parameter.name for parameter in signature.parameters}
    if not given.keys() <= known or len(given) < len(names):
        return None
    found: list[Value] = []
    for parameter in signature.parameters:
        if parameter.name not in given and not parameter.optional:
            return None
        value = given.get(parameter.name)
        found.append([value] if parameter.rest and not isinstance(value, list) else value)
    return found


def _fit(parameter: Parameter, value: Value) -> Value:
    """The value as the parameter's kind; a list of one and its item stand for each other."""
    if parameter.rest or (value is None and parameter.optional):
        return value
    kinds = parameter.kinds
    if kinds == (object,) or type(value) in kinds:
        return value
    if kinds == (list,) and value is not None:
        return [value]
    if isinstance(value, list) and len(value) == 1 and type(value[0]) in kinds:
        return value[0]
    return NOT_FITTING
