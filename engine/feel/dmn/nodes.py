"""Nodes that only boxed expressions have: typed parts, strict conditions, broken texts."""

from dataclasses import dataclass

from engine.feel.compiler import compiled
from engine.feel.dmn.errors import DmnError
from engine.feel.dmn.items import Item
from engine.feel.errors import FeelError
from engine.feel.scope import Code, Scope
from engine.feel.syntax import Node
from engine.feel.values import Function, Value


@dataclass(frozen=True, slots=True)
class Typed(Node):
    """An expression whose value has to fit a type."""

    inner: Node
    item: Item


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """An expression that could not be read; running it raises DmnError."""

    reason: str


@dataclass(frozen=True, slots=True)
class Truth(Node):
    """A condition that has to be true, false or null, or the whole boxed expression is null."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Guarded(Node):
    """A boxed expression with such a condition."""

    inner: Node


class _NoTruthError(FeelError):
    """A condition is neither true nor false."""


@compiled.register
def _truth(node: Truth) -> Code:
    inner = compiled(node.inner)

    def run(scope: Scope) -> Value:
        value = inner(scope)
        if value is not None and not isinstance(value, bool):
            raise _NoTruthError
        return value

    return run


@compiled.register
def _guarded(node: Guarded) -> Code:
    inner = compiled(node.inner)

    def run(scope: Scope) -> Value:
        try:
            return inner(scope)
        except _NoTruthError:
            return None

    return run


@compiled.register
def _typed(node: Typed) -> Code:
    inner, item = compiled(node.inner), node.item

    def run(scope: Scope) -> Value:
        value = inner(scope)
        return value if isinstance(value, Function) else item.fit(value)

    return run


@compiled.register
def _broken(node: Broken) -> Code:
    def run(_scope: Scope) -> Value:
        raise DmnError(node.reason)

    return run
