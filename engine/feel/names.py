"""Which names an expression reads from its context."""

import dataclasses
from collections.abc import Iterator

from engine.feel.syntax import (
    Call,
    ContextOf,
    Filter,
    For,
    Lambda,
    Name,
    Node,
    Quantified,
)

_NO_FILTERS = frozenset(("[]",))  # no name can be called so
_IMPLIED = frozenset(("?", "item", "partial"))


def free_names(node: Node) -> frozenset[str]:
    """Names that no loop, function or context entry of the expression itself defines.

    Inside a filter a name may be a key of the item as well as a variable; it is reported.
    """
    return frozenset(_free(node, frozenset()))


def variables(node: Node) -> frozenset[str]:
    """Top-level variables the expression reads."""
    return free_names(node) - _IMPLIED


def certain_variables(node: Node) -> frozenset[str]:
    """As `variables`, without those that may be keys of an item in a filter."""
    return frozenset(_free(node, _NO_FILTERS)) - _IMPLIED - _NO_FILTERS


def _free(node: object, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, Name):
        if node.name not in bound:
            yield node.name
    elif isinstance(node, Call) and isinstance(node.function, Name):
        yield from _all(node.arguments, bound)
    elif isinstance(node, For | Quantified):
        yield from _loop(node, bound)
    elif isinstance(node, Lambda):
        yield from _free(node.body, bound | set(node.parameters))
    elif isinstance(node, ContextOf):
        for name, value in node.entries:
            yield from _free(value, bound)
            bound = bound | {name}
        yield from _free(node.result, bound)
    elif isinstance(node, Filter) and bound >= _NO_FILTERS:
        yield from _free(node.base, bound)
    else:
        yield from _children(node, bound)


def _loop(node: For | Quantified, bound: frozenset[str]) -> Iterator[str]:
    for iteration in node.iterations:
        yield from _free(iteration.source, bound)
        yield from _free(iteration.end, bound)
        bound = bound | {iteration.name}
    yield from _free(node.body if isinstance(node, For) else node.condition, bound)


def _children(node: object, bound: frozenset[str]) -> Iterator[str]:
    if isinstance(node, tuple):
        yield from _all(node, bound)
    elif isinstance(node, Node):
        for field in dataclasses.fields(node):  # type: ignore[arg-type]  # every node is one
            yield from _free(getattr(node, field.name), bound)


def _all(nodes: tuple[object, ...], bound: frozenset[str]) -> Iterator[str]:
    for node in nodes:
        yield from _free(node, bound)
