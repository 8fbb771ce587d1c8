"""for, some and every: nested iterations over lists and ranges."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from engine.feel.compiler import compiled
from engine.feel.limits import spend, spend_items
from engine.feel.names import free_names
from engine.feel.numbers import to_index
from engine.feel.operators import both, compare, either
from engine.feel.scope import Code, Scope
from engine.feel.syntax import For, Iteration, Quantified
from engine.feel.values import Range, Value

_PARTIAL = "partial"
Step = tuple[str, Code, Code | None]


@compiled.register
def _for(node: For) -> Code:
    steps = _steps(node.iterations)
    body = compiled(node.body)
    wants_partial = _PARTIAL in free_names(node.body)

    def run(scope: Scope) -> Value:
        results: list[Value] = []
        for inner in _scopes(steps, scope):
            if inner is None:
                return None
            spend_items(len(results) if wants_partial else 0)
            place = Scope({_PARTIAL: list(results)}, inner) if wants_partial else inner
            results.append(body(place))
            if len(results) % 1024 == 0:
                spend_items(len(results) // 1024)
        spend_items(len(results))
        return results

    return run


@compiled.register
def _quantified(node: Quantified) -> Code:
    steps = _steps(node.iterations)
    condition = compiled(node.condition)
    combine = both if node.all else either

    def run(scope: Scope) -> Value:
        verdicts: list[Value] = []
        for inner in _scopes(steps, scope):
            if inner is None:
                return None
            verdict = condition(inner)
            if verdict is (not node.all):
                return verdict
            verdicts.append(verdict)
        return combine(verdicts)

    return run


def _steps(iterations: Iterable[Iteration]) -> tuple[Step, ...]:
    return tuple(
        (one.name, compiled(one.source), compiled(one.end) if one.end is not None else None)
        for one in iterations
    )


def _scopes(steps: tuple[Step, ...], scope: Scope) -> Iterator[Scope | None]:
    """A scope for each combination, the last iteration fastest; None if nothing to walk."""
    if not steps:
        yield scope
        return
    name, source, end = steps[0]
    values = _span(source(scope), end(scope)) if end is not None else _items(source(scope))
    if values is None:
        yield None
        return
    for value in values:
        spend()
        yield from _scopes(steps[1:], Scope({name: value}, scope))


def _items(value: Value) -> Iterable[Value] | None:
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _range_items(value)
    return None if value is None else [value]


def _range_items(value: Range) -> Iterable[Value] | None:
    values = _span(value.start, value.end)
    if values is None or compare("<=", value.start, value.end) is not True:
        return None
    skipped = {
        end
        for end, included in (
            (value.start, value.start_included),
            (value.end, value.end_included),
        )
        if not included
    }
    return (item for item in values if item not in skipped)


def _span(start: Value, end: Value) -> Iterable[Value] | None:
    """Whole numbers or days from start to end, downwards if the end is smaller."""
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        low, high = to_index(start), to_index(end)
        if low is None or high is None:
            return None
        step = 1 if low <= high else -1
        return (Decimal(number) for number in range(low, high + step, step))
    if type(start) is date and type(end) is date:
        days = (end - start).days
        step = 1 if days >= 0 else -1
        return (start + timedelta(days=day) for day in range(0, days + step, step))
    return None
