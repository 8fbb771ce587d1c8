"""Unary tests: what a cell of a decision table, or the right side of `in`, says of a value."""

from collections.abc import Callable

from engine.feel import operators
from engine.feel.compiler import compiled
from engine.feel.limits import spend
from engine.feel.names import free_names
from engine.feel.scope import Code, Scope
from engine.feel.syntax import Bound, In, Node, Tests
from engine.feel.values import Range, Value

QUESTION = "?"
Test = Callable[[Value, Scope], bool | None]


@compiled.register
def _in(node: In) -> Code:
    value, tests = compiled(node.value), compiled(node.tests)
    return lambda scope: tests(Scope({QUESTION: value(scope)}, scope))


@compiled.register
def _tests(node: Tests) -> Code:
    tests = tuple(_test(test) for test in node.tests)

    def run(scope: Scope) -> Value:
        if not tests:
            return True
        value = scope.find(QUESTION)
        verdict = operators.either(test(value, scope) for test in tests)
        return verdict if not node.negated or verdict is None else not verdict

    return run


def _test(node: Node) -> Test:
    if isinstance(node, Bound):
        symbol, limit = node.symbol, compiled(node.operand)
        return lambda value, scope: operators.compare(symbol, value, limit(scope))
    run = compiled(node)
    if QUESTION in free_names(node):
        return lambda value, scope: _asked(value, run(scope))
    return lambda value, scope: is_in(value, run(scope))


def _asked(value: Value, verdict: Value) -> bool | None:
    """A test that uses `?` answers itself, unless it names values to compare with."""
    return verdict if verdict is None or isinstance(verdict, bool) else is_in(value, verdict)


def is_in(value: Value, wanted: Value) -> bool | None:
    """Whether the value equals what is wanted, or lies in that list or range."""
    if isinstance(wanted, Range):
        return operators.contains(wanted, value)
    if isinstance(wanted, list):
        if isinstance(value, list) and operators.equal(value, wanted) is True:
            return True
        spend(len(wanted))
        return any(is_in(value, item) is True for item in wanted)
    return operators.equal(value, wanted)
