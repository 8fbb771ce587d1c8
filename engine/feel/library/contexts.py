"""Functions of contexts (DMN 1.5, table 82)."""

from collections.abc import Sequence

from engine.feel.library.registry import builtin
from engine.feel.limits import spend_items
from engine.feel.values import Value

Context = dict[str, Value]


@builtin("get value", "m: context, key: string")
def _get(found: Context, key: str) -> Value:
    return found.get(key)


@builtin("get value", "m: context, keys: list")
def _get_path(found: Context, keys: list[Value]) -> Value:
    value: Value = found
    for key in keys:
        value = value.get(key) if isinstance(value, dict) and isinstance(key, str) else None
    return value


@builtin("get entries", "m: context")
def _entries(found: Context) -> Value:
    spend_items(len(found))
    return [{"key": key, "value": value} for key, value in found.items()]


@builtin("context", "entries: list")
def _context(entries: list[Value]) -> Value:
    spend_items(len(entries))
    result: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in result:
            return None
        result[key] = entry["value"]
    return result


@builtin("context put", "context: context, key: string, value: any")
def _put(found: Context, key: str, value: Value) -> Value:
    spend_items(len(found))
    return {**found, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def _put_path(found: Context, keys: list[Value], value: Value) -> Value:
    return _put_below(found, keys, value) if keys else None


def _put_below(found: Value, keys: Sequence[Value], value: Value) -> Value:
    """A copy with the value below the keys; TypeError, that is null, where no context is."""
    if not keys:
        return value
    key, *deeper = keys
    if not isinstance(found, dict) or not isinstance(key, str):
        raise TypeError
    spend_items(len(found) + len(keys))
    return {**found, key: _put_below(found.get(key), deeper, value)}


@builtin("context merge", "contexts: list")
def _merge(parts: list[Value]) -> Value:
    result: Context = {}
    for part in parts:
        if not isinstance(part, dict):
            return None
        spend_items(len(part))
        result.update(part)
    return result
