"""Decision tables: rules against inputs, and what each hit policy makes of the hits.

DMN 1.5, 8.2.8 to 8.3. A table is a node like any other expression and is compiled like one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from engine.feel import library
from engine.feel.compiler import compiled
from engine.feel.dmn.items import Item
from engine.feel.limits import spend
from engine.feel.operators import equal
from engine.feel.scope import Code, Scope
from engine.feel.syntax import ListOf, Node, Tests
from engine.feel.unary import QUESTION
from engine.feel.values import Value


class HitPolicy(StrEnum):
    """How many rules may hit, and which of them count."""

    UNIQUE = "UNIQUE"  # at most one
    ANY = "ANY"  # several, if they say the same
    PRIORITY = "PRIORITY"  # the one whose output comes first in the output's values
    FIRST = "FIRST"  # the first in the order of the table
    OUTPUT_ORDER = "OUTPUT ORDER"  # all, in the order of the output's values
    RULE_ORDER = "RULE ORDER"  # all, in the order of the table
    COLLECT = "COLLECT"  # all, perhaps made one by the aggregation


AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class Input(Node):
    """A column to test; `values` are those it may have."""

    expression: Node
    item: Item | None
    values: Tests | None


@dataclass(frozen=True, slots=True)
class Output(Node):
    """A column to answer; `values` in falling priority."""

    name: str
    item: Item | None
    values: ListOf | None
    default: Node | None


@dataclass(frozen=True, slots=True)
class Rule(Node):
    """A row: a test for each input, an answer for each output."""

    tests: tuple[Node, ...]
    answers: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A decision table."""

    policy: HitPolicy
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


Hit = tuple[Value, ...]
Matching = Callable[[Scope], list[Hit] | None]


@compiled.register
def _table(node: Table) -> Code:
    matching = _matching(node)
    decide = _POLICIES[node.policy]
    priorities = tuple(
        None if one.values is None else compiled(one.values) for one in node.outputs
    )

    def run(scope: Scope) -> Value:
        hits = matching(scope)
        if hits is None:
            return None
        if not hits:
            return _default(node, scope)
        ranks = [None if values is None else values(scope) for values in priorities]
        return decide(node, hits, ranks)

    return run


def _matching(node: Table) -> Matching:
    inputs = [(compiled(one.expression), one) for one in node.inputs]
    allowed = [None if one.values is None else compiled(one.values) for one in node.inputs]
    rules = [
        ([compiled(test) for test in rule.tests], [compiled(one) for one in rule.answers])
        for rule in node.rules
    ]

    def match(scope: Scope) -> list[Hit] | None:
        places: list[Scope] = []
        for (expression, one), values in zip(inputs, allowed, strict=True):
            value = expression(scope)
            place = Scope({QUESTION: value if one.item is None else one.item.fit(value)}, scope)
            if values is not None and value is not None and values(place) is not True:
                return None
            places.append(place)
        hits: list[Hit] = []
        for tests, answers in rules:
            spend(1 + len(tests))
            if all(test(place) is True for test, place in zip(tests, places, strict=False)):
                hits.append(_answered(node, answers, scope))
        return hits

    return match


def _answered(node: Table, answers: Sequence[Code], scope: Scope) -> Hit:
    values = [answer(scope) for answer in answers]
    return tuple(
        value if one.item is None else one.item.fit(value)
        for one, value in zip(node.outputs, values, strict=False)
    )


def _default(node: Table, scope: Scope) -> Value:
    """What no hit gives: the defaults of the outputs if they have any, else null."""
    if all(one.default is None for one in node.outputs):
        return None
    hit = tuple(
        None if one.default is None else compiled(one.default)(scope) for one in node.outputs
    )
    return _shaped(node, hit)


def _shaped(node: Table, hit: Hit) -> Value:
    if len(node.outputs) == 1:
        return hit[0]
    return {one.name: value for one, value in zip(node.outputs, hit, strict=True)}


def _unique(node: Table, hits: list[Hit], _ranks: list[Value]) -> Value:
    return _shaped(node, hits[0]) if len(hits) == 1 else None


def _any(node: Table, hits: list[Hit], _ranks: list[Value]) -> Value:
    same = all(equal(list(hit), list(hits[0])) is True for hit in hits)
    return _shaped(node, hits[0]) if same else None


def _first(node: Table, hits: list[Hit], _ranks: list[Value]) -> Value:
    return _shaped(node, hits[0])


def _priority(node: Table, hits: list[Hit], ranks: list[Value]) -> Value:
    return _shaped(node, _ordered(hits, ranks)[0])


def _output_order(node: Table, hits: list[Hit], ranks: list[Value]) -> Value:
    return [_shaped(node, hit) for hit in _ordered(hits, ranks)]


def _rule_order(node: Table, hits: list[Hit], _ranks: list[Value]) -> Value:
    return [_shaped(node, hit) for hit in hits]


def _ordered(hits: list[Hit], ranks: list[Value]) -> list[Hit]:
    def key(hit: Hit) -> list[int]:
        return [_rank(value, rank) for value, rank in zip(hit, ranks, strict=True)]

    return sorted(hits, key=key)


def _rank(value: Value, ranked: Value) -> int:
    if not isinstance(ranked, list):
        return 0
    places = (place for place, one in enumerate(ranked) if equal(one, value) is True)
    return next(places, len(ranked))


def _collect(node: Table, hits: list[Hit], _ranks: list[Value]) -> Value:
    found = [_shaped(node, hit) for hit in hits]
    if not node.aggregation:
        return found
    if node.aggregation == "COUNT":
        return Decimal(len(found))
    function = library.find(AGGREGATIONS[node.aggregation]) or []
    return library.call(function, [found], ())


_POLICIES: dict[HitPolicy, Callable[[Table, list[Hit], list[Value]], Value]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.COLLECT: _collect,
}
