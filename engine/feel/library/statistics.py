"""Functions that make one value of a list: sum, mean, min, all and their kin (table 76)."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from engine.feel.library.registry import builtin
from engine.feel.limits import spend
from engine.feel.numbers import CONTEXT
from engine.feel.operators import arithmetic, compare
from engine.feel.values import Value, YearsMonths

Numbers = list[Decimal]


def _over_list(name: str) -> Callable[[Callable[[list[Value]], Value]], None]:
    """Enter a function under both its forms: one list, or any number of arguments."""

    def enter(body: Callable[[list[Value]], Value]) -> None:
        def run(arguments: list[Value]) -> Value:
            first = arguments[0]
            items = first if len(arguments) == 1 and isinstance(first, list) else arguments
            spend(len(items))
            return body(items)

        builtin(name, "list: any...")(run)

    return enter


def _numbers(items: Sequence[Value]) -> Numbers:
    """The items if all are numbers and there are some; else ValueError, that is null."""
    found = [item for item in items if isinstance(item, Decimal)]
    if len(found) != len(items) or not found:
        raise ValueError
    return found


def _total(found: Numbers) -> Decimal:
    total = Decimal(0)
    for number in found:
        total = CONTEXT.add(total, number)
    return total


@builtin("count", "list: list")
def _count(items: list[Value]) -> Value:
    return Decimal(len(items))


@_over_list("sum")
def _sum(items: list[Value]) -> Value:
    if items and all(not isinstance(item, Decimal) for item in items):
        return _sum_other(items)
    return _total(_numbers(items))


def _sum_other(items: list[Value]) -> Value:
    """Durations have a sum too."""
    if any(not isinstance(item, timedelta | YearsMonths) for item in items):
        return None
    total = items[0]
    for item in items[1:]:
        total = arithmetic("+", total, item)
    return total


@_over_list("mean")
def _mean(items: list[Value]) -> Value:
    found = _numbers(items)
    return CONTEXT.divide(_total(found), Decimal(len(found)))


@_over_list("product")
def _product(items: list[Value]) -> Value:
    result = Decimal(1)
    for number in _numbers(items):
        result = CONTEXT.multiply(result, number)
    return result


@_over_list("median")
def _median(items: list[Value]) -> Value:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@_over_list("stddev")
def _stddev(items: list[Value]) -> Value:
    found = _numbers(items)
    mean = CONTEXT.divide(_total(found), Decimal(len(found)))
    squares = [CONTEXT.power(CONTEXT.subtract(number, mean), Decimal(2)) for number in found]
    return CONTEXT.sqrt(CONTEXT.divide(_total(squares), Decimal(len(found) - 1)))


@_over_list("mode")
def _mode(items: list[Value]) -> Value:
    if not items:
        return []
    counts: dict[Decimal, int] = {}
    for number in _numbers(items):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return sorted(number for number, count in counts.items() if count == most)


@_over_list("min")
def _min(items: list[Value]) -> Value:
    return _extreme(items, "<")


@_over_list("max")
def _max(items: list[Value]) -> Value:
    return _extreme(items, ">")


def _extreme(items: list[Value], symbol: str) -> Value:
    if not items:
        return None
    best = items[0]
    for item in items:
        better = compare(symbol, item, best)
        if better is None:
            return None
        best = item if better else best
    return best


@_over_list("all")
def _all(items: list[Value]) -> Value:
    return _three_valued(items, decisive=False)


@_over_list("any")
def _any(items: list[Value]) -> Value:
    return _three_valued(items, decisive=True)


def _three_valued(items: list[Value], *, decisive: bool) -> Value:
    if any(item is decisive for item in items):
        return decisive
    return not decisive if all(isinstance(item, bool) for item in items) else None
