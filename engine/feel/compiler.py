"""Nodes to closures: what an expression does, decided once and run many times."""

from decimal import Decimal
from functools import singledispatch

from engine.feel import operators, properties
from engine.feel.limits import spend, spend_items
from engine.feel.scope import Code, Scope
from engine.feel.syntax import (
    Between,
    Chain,
    Comparison,
    ContextOf,
    Filter,
    If,
    InstanceOf,
    Interval,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
)
from engine.feel.types import matches
from engine.feel.values import Range, Value

_FREE = 4  # operators of one rank that cost nothing


@singledispatch
def compiled(node: Node) -> Code:
    """The closure of a node; each kind of node registers its own."""
    raise TypeError(node)


@compiled.register
def _literal(node: Literal) -> Code:
    value = node.value
    return lambda _scope: value


@compiled.register
def _name(node: Name) -> Code:
    name = node.name
    return lambda scope: scope.find(name)


@compiled.register
def _path(node: Path) -> Code:
    base, name = compiled(node.base), node.name
    return lambda scope: properties.read(base(scope), name)


@compiled.register
def _negate(node: Negate) -> Code:
    operand = compiled(node.operand)
    return lambda scope: operators.negate(operand(scope))


@compiled.register
def _chain(node: Chain) -> Code:
    first = compiled(node.first)
    rest = tuple((symbol, compiled(operand)) for symbol, operand in node.rest)
    cost = len(rest) // _FREE

    def run(scope: Scope) -> Value:
        if cost:
            spend(cost)
        value = first(scope)
        for symbol, operand in rest:
            value = operators.arithmetic(symbol, value, operand(scope))
        return value

    return run


@compiled.register
def _logic(node: Logic) -> Code:
    operands = tuple(compiled(operand) for operand in node.operands)
    decisive = node.symbol == "or"
    cost = len(operands) // _FREE

    def run(scope: Scope) -> Value:
        if cost:
            spend(cost)
        result: bool | None = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return run


@compiled.register
def _comparison(node: Comparison) -> Code:
    symbol, left, right = node.symbol, compiled(node.left), compiled(node.right)
    return lambda scope: operators.compare(symbol, left(scope), right(scope))


@compiled.register
def _between(node: Between) -> Code:
    value, low, high = compiled(node.value), compiled(node.low), compiled(node.high)

    def run(scope: Scope) -> Value:
        found = value(scope)
        above = operators.compare(">=", found, low(scope))
        return operators.both((above, operators.compare("<=", found, high(scope))))

    return run


@compiled.register
def _instance_of(node: InstanceOf) -> Code:
    value, wanted = compiled(node.value), node.type
    return lambda scope: matches(value(scope), wanted)


@compiled.register
def _if(node: If) -> Code:
    condition, then = compiled(node.condition), compiled(node.then)
    otherwise = compiled(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


@compiled.register
def _list(node: ListOf) -> Code:
    items = tuple(compiled(item) for item in node.items)

    def run(scope: Scope) -> Value:
        spend_items(len(items))
        return [item(scope) for item in items]

    return run


@compiled.register
def _context(node: ContextOf) -> Code:
    entries = tuple((name, compiled(value)) for name, value in node.entries)
    outcome = None if node.result is None else compiled(node.result)

    def run(scope: Scope) -> Value:
        spend(len(entries))
        result: dict[str, Value] = {}
        inner = Scope(result, scope)  # each entry sees those before it
        for name, value in entries:
            result[name] = value(inner)
        return result if outcome is None else outcome(inner)

    return run


@compiled.register
def _interval(node: Interval) -> Code:
    start = None if node.start is None else compiled(node.start)
    end = None if node.end is None else compiled(node.end)

    def run(scope: Scope) -> Value:
        low = None if start is None else start(scope)
        high = None if end is None else end(scope)
        ends = (low if start else high, high if end else low)
        if operators.compare("<=", *ends) is None:  # an end is null, or they have no order
            return None
        return Range(low, high, node.start_included, node.end_included)

    return run


@compiled.register
def _filter(node: Filter) -> Code:
    base, condition = compiled(node.base), compiled(node.condition)

    def run(scope: Scope) -> Value:
        found = base(scope)
        items = found if isinstance(found, list) else [] if found is None else [found]
        if isinstance(node.condition, Literal | Negate):
            position = condition(scope)
            if isinstance(position, Decimal):
                return item_at(items, position)
        return _chosen(items, condition, scope)

    return run


def _chosen(items: list[Value], condition: Code, scope: Scope) -> Value:
    """Items for which the condition is true; a number as condition asks for one item."""
    chosen: list[Value] = []
    for item in items:
        spend()
        inner = Scope({"item": item}, scope)
        verdict = condition(Scope(item, inner) if isinstance(item, dict) else inner)
        if isinstance(verdict, Decimal):
            return item_at(items, verdict)
        if verdict is True:
            chosen.append(item)
    return chosen


def item_at(items: list[Value], position: Decimal) -> Value:
    """The item at a position counted from 1, or from the end by -1; null beyond the list."""
    index = int(position) if abs(position) <= len(items) else 0
    if index == 0 or position != index:
        return None
    return items[index - 1 if index > 0 else index]
