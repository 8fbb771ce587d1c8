"""Text to nodes: a parser by operator rank, with recursion only where the text nests.

Operators of one rank become one flat node, so a long sum is not a deep one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.feel.cursor import NO_TYPES
from engine.feel.errors import FeelLimitError
from engine.feel.grammar import COMPARATORS, COMPARISON, Grammar
from engine.feel.limits import MAX_NESTING
from engine.feel.syntax import (
    Between,
    Bound,
    Call,
    Chain,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    Tests,
    TypeName,
)

_T = TypeVar("_T")
_RANKS = (
    {"or": 1, "and": 2, "between": 3, "in": 3, "instance": 3}
    | dict.fromkeys(COMPARATORS, COMPARISON)
    | {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
)
_STARTERS = frozenset(("(", "[", "]", "{", "-", "@", "?"))
_STARTING_WORDS = frozenset(("if", "for", "some", "every", "function", "true", "false", "null"))


def parse(text: str, names: Iterable[str] = (), types: Mapping[str, TypeName] = NO_TYPES) -> Node:
    """The expression; `names` are those that words alone would not make up.

    Types by other names than the language's stand in `types`.
    Raises FeelSyntaxError with the position, FeelLimitError for long or deep texts.
    """
    return _Parser(text, names, types).whole(_Parser.expression)


def parse_tests(
    text: str, names: Iterable[str] = (), types: Mapping[str, TypeName] = NO_TYPES
) -> Tests:
    """Unary tests as in a cell of a decision table: `-`, `not(...)`, or a list of tests."""
    return _Parser(text, names, types).whole(_Parser.unary_tests)


def parse_type(text: str) -> TypeName:
    """A type, for example `list<number>`."""
    return _Parser(text, ()).whole(_Parser.type)


class _Parser(Grammar):
    def whole(self, rule: "Callable[[_Parser], _T]") -> _T:
        result = rule(self)
        if self.token.kind != "end":
            raise self.error("Expected an operator or the end")
        return result

    def expression(self, rank: int = 0) -> Node:
        self.enter()
        left = self.operand()
        for _ in range(MAX_NESTING):
            symbol = self.token.text if self.token.kind in ("op", "name") else ""
            found = _RANKS.get(symbol, 0)
            if found <= rank:
                self.leave()
                return left
            left = self._infix(symbol, found, left)
        raise FeelLimitError("The expression chains too many operators.")

    def _infix(self, symbol: str, rank: int, left: Node) -> Node:
        if symbol in ("or", "and"):
            return self._logic(symbol, rank, left)
        if rank > COMPARISON:
            return self._chain(rank, left)
        self.advance()
        if symbol == "between":
            low = self.expression(rank)
            self.need("and")
            return Between(left, low, self.expression(rank))
        if symbol == "in":
            return In(left, self._in_tests())
        if symbol == "instance":
            self.need("of")
            return InstanceOf(left, self.type())
        return Comparison(symbol, left, self.expression(rank))

    def _logic(self, symbol: str, rank: int, left: Node) -> Node:
        operands = [left]
        while self.take(symbol):
            operands.append(self.expression(rank))
        return Logic(symbol, tuple(operands))

    def _chain(self, rank: int, left: Node) -> Node:
        rest: list[tuple[str, Node]] = []
        while self.token.kind == "op" and _RANKS.get(self.token.text) == rank:
            symbol = self.advance().text
            rest.append((symbol, self.expression(rank)))
        return Chain(left, tuple(rest))

    def operand(self) -> Node:
        """A value with whatever follows it without an operator: paths, filters, calls."""
        if self.take("-"):
            self.enter()
            inner = self.operand()
            self.leave()
            return Negate(inner)
        node = self._primary()
        for _ in range(MAX_NESTING):
            if self.take("."):
                node = Path(node, self.name())
            elif self.at("[") and self._starts(1):
                self.advance()
                node = Filter(node, self.expression())
                self.need("]")
            elif self.at("("):
                node = self._call(node)
            else:
                return node
        raise FeelLimitError("The expression chains too many paths.")

    def _starts(self, ahead: int) -> bool:
        """Whether an expression can begin there; `[1..2[` ends with a bracket, not a filter."""
        token = self.ahead(ahead)
        if token.kind == "op":
            return token.text in _STARTERS
        if token.kind == "name":
            return token.text in _STARTING_WORDS or _RANKS.get(token.text) is None
        return token.kind != "end"

    def _primary(self) -> Node:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            return Literal(self.advance().text)
        rule = _PRIMARIES.get(token.text) if token.kind != "end" else None
        if rule is not None:
            self.advance()
            return rule(self)
        if token.kind != "name":
            raise self.error("Expected a value")
        return Name(self.name())

    def _call(self, function: Node) -> Node:
        self.need("(")
        named = self._names_argument()
        arguments: list[Node] = []
        names: list[str] = []
        while not self.take(")"):
            if arguments:
                self.need(",")
            if named:
                names.append(self.key(until=":"))
                self.need(":")
            arguments.append(self.expression())
        return Call(function, tuple(arguments), tuple(names))

    def _names_argument(self) -> bool:
        """Whether the call gives its arguments by name: words and then a colon."""
        ahead = 0
        while self.ahead(ahead).kind == "name":
            ahead += 1
        return ahead > 0 and self.ahead(ahead).text == ":"

    def unary_tests(self) -> Tests:
        """`-`, `not(...)` or tests with commas."""
        if self.at("-") and self.ahead().kind == "end":
            self.advance()
            return Tests(())
        start = self.index
        if self.at("not") and self.ahead().text == "(":
            self.index += 2
            tests = self._tests()
            if self.take(")") and self.token.kind == "end":
                return Tests(tests, negated=True)
            self.index = start
        return Tests(self._tests())

    def _tests(self) -> tuple[Node, ...]:
        tests = [self._test(0)]
        while self.take(","):
            tests.append(self._test(0))
        return tuple(tests)

    def _test(self, rank: int) -> Node:
        if self.token.kind == "op" and self.token.text in COMPARATORS:
            return Bound(self.advance().text, self.expression(COMPARISON))
        return self.expression(rank)

    def _in_tests(self) -> Tests:
        """What follows `in`; never read twice, or nested tests would take exponential time."""
        if not self.take("("):
            return Tests((self._test(COMPARISON),))
        tests = self._tests()
        if len(tests) == 1 and self.take(".."):
            return Tests((self.interval(tests[0], included=False),))
        self.need(")")
        return Tests(tests)


_PRIMARIES: dict[str, Callable[[_Parser], Node]] = {
    "(": _Parser.bracket,
    "[": _Parser.sequence,
    "]": _Parser.open_interval,
    "{": _Parser.context,
    "@": _Parser.at_literal,
    "?": _Parser.question,
    "if": _Parser.conditional,
    "for": _Parser.loop,
    "some": _Parser.some,
    "every": _Parser.every,
    "function": _Parser.function,
    "true": _Parser.true,
    "false": _Parser.false,
    "null": _Parser.null,
}
