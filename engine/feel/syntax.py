"""The nodes of an expression, as the parser finds them; immutable."""

from dataclasses import dataclass


class Node:
    """Any part of an expression."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """Positional arguments have no name; a call has only one sort of them."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one rank, applied from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and` or `or` over several operands."""

    symbol: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    symbol: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of `?`; true if any holds, turned round by `negated`. Empty: always true."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: "TypeName"


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type: a name, what it holds, and the names of a context's entries."""

    name: str
    parts: tuple["TypeName", ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration:
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`every` if `all`, else `some`."""

    all: bool
    iterations: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """A context; a boxed one may have a result, which is then its value."""

    entries: tuple[tuple[str, Node], ...]
    result: Node | None = None


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """None as an end means unbounded."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Bound(Node):
    """A comparison without left side, `< 5`: a test of `?`, in brackets a range."""

    symbol: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    parameters: tuple[str, ...]
    types: tuple[TypeName | None, ...]
    body: Node | None
