"""Types: what `instance of` and the parameters of functions ask for (DMN 1.5, 10.3.2.9)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from engine.feel.limits import spend
from engine.feel.syntax import TypeName
from engine.feel.values import Function, Range, Value, YearsMonths

KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "dateTime": datetime,
    "days and time duration": timedelta,
    "dayTimeDuration": timedelta,
    "years and months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
}


def matches(value: Value, wanted: TypeName) -> bool:
    """Whether the value is an instance of the type; null is one of Null alone."""
    spend()
    if wanted.name == "Any":
        return value is not None
    if wanted.name in ("Null", "null"):
        return value is None
    kind = KINDS.get(wanted.name)
    if kind is None or type(value) is not kind:
        return False
    return not wanted.parts or _holds(value, wanted)


def _holds(value: Value, wanted: TypeName) -> bool:
    if isinstance(value, list):
        return all(item is None or matches(item, wanted.parts[0]) for item in value)
    if isinstance(value, dict):
        pairs = zip(wanted.names, wanted.parts, strict=False)
        return all(
            name in value and (value[name] is None or matches(value[name], part))
            for name, part in pairs
        )
    if isinstance(value, Range):
        ends = [end for end in (value.start, value.end) if end is not None]
        return bool(ends) and all(matches(end, wanted.parts[0]) for end in ends)
    return _is_function(value, wanted) if isinstance(value, Function) else True


def _is_function(value: Function, wanted: TypeName) -> bool:
    """Parameters by number and, where both sides name them, by type."""
    if len(value.parameters) != len(wanted.parts) - 1:
        return False
    own = [*value.types, value.result]
    return all(
        mine is None or mine == other or other.name == "Any"
        for mine, other in zip(own, wanted.parts, strict=False)
    )


def conform(value: Value, wanted: TypeName) -> Value:
    """The value as that type: a list of one becomes its item, an item a list; else null."""
    if value is None or fits(value, wanted):
        return value
    if wanted.name == "list" and not isinstance(value, list):
        return [value] if fits([value], wanted) else None
    if isinstance(value, list) and len(value) == 1 and fits(value[0], wanted):
        return value[0]
    return None


def fits(value: Value, wanted: TypeName) -> bool:
    """Whether the value may stand where the type is asked: as `matches`, but null fits always.

    A type that is not known asks for nothing, and entries of a context may be missing.
    """
    spend()
    kind = KINDS.get(wanted.name)
    if value is None or kind is None:
        return wanted.name not in ("Null", "null") or value is None
    if type(value) is not kind:
        return False
    if not wanted.parts:
        return True
    if isinstance(value, list):
        return all(fits(item, wanted.parts[0]) for item in value)
    if isinstance(value, dict):
        pairs = zip(wanted.names, wanted.parts, strict=False)
        return all(fits(value.get(name), part) for name, part in pairs)
    return _holds(value, wanted)
