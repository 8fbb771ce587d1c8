"""Functions of lists (DMN 1.5, table 76); positions count from 1, negative ones from the end."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cmp_to_key

from engine.feel.library.registry import builtin
from engine.feel.limits import MAX_DEPTH, spend, spend_items
from engine.feel.operators import compare, equal
from engine.feel.values import Function, Value


def _place(items: list[Value], position: Decimal) -> int:
    """The index of a position; ValueError, that is null, if there is none."""
    index = int(position)
    if index != position or not 1 <= abs(index) <= len(items):
        raise ValueError
    return index - 1 if index > 0 else len(items) + index


def _same(one: Value, other: Value) -> bool:
    spend()
    return equal(one, other) is True


def _copied(items: Iterable[Value]) -> list[Value]:
    result = list(items)
    spend_items(len(result))
    return result


@builtin("list contains", "list: list, element: any")
def _contains(items: list[Value], element: Value) -> Value:
    return any(_same(item, element) for item in items)


@builtin("sublist", "list: list, start position: number, length: number?")
def _sublist(items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    begin = _place(items, start)
    if length is None:
        return _copied(items[begin:])
    if length < 1 or begin + int(length) > len(items):
        return None
    return _copied(items[begin : begin + int(length)])


@builtin("append", "list: list, item: any...")
def _append(items: list[Value], more: list[Value]) -> Value:
    return _copied([*items, *more])


@builtin("concatenate", "list: any...")
def _concatenate(lists: list[Value]) -> Value:
    spend_items(sum(len(part) if isinstance(part, list) else 1 for part in lists))
    return [item for part in lists for item in (part if isinstance(part, list) else [part])]


@builtin("insert before", "list: list, position: number, newItem: any")
def _insert(items: list[Value], position: Decimal, item: Value) -> Value:
    begin = _place(items, position)
    return _copied([*items[:begin], item, *items[begin:]])


@builtin("remove", "list: list, position: number")
def _remove(items: list[Value], position: Decimal) -> Value:
    begin = _place(items, position)
    return _copied([*items[:begin], *items[begin + 1 :]])


@builtin("reverse", "list: list")
def _reverse(items: list[Value]) -> Value:
    return _copied(reversed(items))


@builtin("index of", "list: list, match: any")
def _index_of(items: list[Value], match: Value) -> Value:
    return [Decimal(place) for place, item in enumerate(items, 1) if _same(item, match)]


@builtin("union", "list: any...")
def _union(lists: list[Value]) -> Value:
    everything = _concatenate(lists)
    return _distinct(everything) if isinstance(everything, list) else None


@builtin("distinct values", "list: list")
def _distinct(items: list[Value]) -> Value:
    found: list[Value] = []
    for item in items:
        if not any(_same(item, other) for other in found):
            found.append(item)
    return found


@builtin("duplicate values", "list: list")
def _duplicates(items: list[Value]) -> Value:
    found: list[Value] = []
    for place, item in enumerate(items):
        if any(_same(item, other) for other in items[:place]):
            found.append(item)
    return _distinct(found)


@builtin("flatten", "list: list")
def _flatten(items: list[Value]) -> Value:
    result: list[Value] = []
    _collect(items, result, 0)
    return result


def _collect(items: list[Value], result: list[Value], depth: int) -> None:
    spend_items(len(result) // 64)
    spend(len(items) + 1)
    for item in items:
        if isinstance(item, list) and depth < MAX_DEPTH:
            _collect(item, result, depth + 1)
        else:
            result.append(item)


@builtin("partition", "list: list, size: number")
def _partition(items: list[Value], size: Decimal) -> Value:
    step = int(size)
    if step < 1:
        return None
    spend_items(len(items))
    return [items[place : place + step] for place in range(0, len(items), step)]


@builtin("list replace", "list: list, position: number, newItem: any")
def _replace_at(items: list[Value], position: Decimal, item: Value) -> Value:
    begin = _place(items, position)
    return _copied([*items[:begin], item, *items[begin + 1 :]])


@builtin("list replace", "list: list, match: function, newItem: any")
def _replace_where(items: list[Value], match: Function, new: Value) -> Value:
    verdicts = [_asked(match, item, new) for item in items]
    if any(not isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [new if yes else item for item, yes in zip(items, verdicts, strict=True)]


def _asked(function: Function, *arguments: Value) -> Value:
    from engine.feel.calls import invoke

    return invoke(function, arguments)


@builtin("sort", "list: list, precedes: function?")
def _sort(items: list[Value], precedes: Function | None) -> Value:
    before = _natural if precedes is None else _by(precedes)

    def order(one: Value, other: Value) -> int:
        spend()
        return -1 if before(one, other) else int(before(other, one))

    spend_items(len(items))
    return sorted(items, key=cmp_to_key(order))


def _natural(one: Value, other: Value) -> bool:
    verdict = compare("<", one, other)
    if verdict is None:
        raise ValueError
    return verdict


def _by(precedes: Function) -> Callable[[Value, Value], bool]:
    return lambda one, other: _asked(precedes, one, other) is True
