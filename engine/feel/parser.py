"""Text to nodes: a parser by operator rank, with recursion only where the text nests.

Operators of one rank become one flat node, so a long sum is not a deep one.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from engine.feel import numbers, temporal
from engine.feel.cursor import NO_TYPES, Cursor
from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.limits import MAX_NESTING
from engine.feel.syntax import (
    Between,
    Bound,
    Call,
    Chain,
    Comparison,
    ContextOf,
    Filter,
    For,
    If,
    In,
    InstanceOf,
    Interval,
    Iteration,
    Lambda,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
    Path,
    Quantified,
    Tests,
    TypeName,
)

_T = TypeVar("_T")
COMPARATORS = frozenset(("<", "<=", ">", ">=", "=", "!="))
_COMPARISON = 3
_RANKS = (
    {"or": 1, "and": 2, "between": 3, "in": 3, "instance": 3}
    | dict.fromkeys(COMPARATORS, _COMPARISON)
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


class _Parser(Cursor):
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
        if rank > _COMPARISON:
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
            return self._number()
        if token.kind == "string":
            return Literal(self.advance().text)
        rule = _PRIMARIES.get(token.text) if token.kind != "end" else None
        if rule is not None:
            self.advance()
            return rule(self)
        if token.kind != "name":
            raise self.error("Expected a value")
        return Name(self.name())

    def _number(self) -> Node:
        token = self.advance()
        value = numbers.from_text(token.text)
        if value is None:
            raise FeelSyntaxError("The number is out of range", token.position)
        return Literal(value)

    def _at_literal(self) -> Node:
        token = self.advance()
        if token.kind != "string":
            raise FeelSyntaxError("Expected a text after @", token.position)
        return Literal(temporal.parse_any(token.text))

    def _bracket(self) -> Node:
        if self.token.text in COMPARATORS and self.token.kind == "op":
            return self._range_of_bound()
        inner = self.expression()
        if self.take(".."):
            return self._interval(inner, included=False)
        self.need(")")
        return inner

    def _range_of_bound(self) -> Node:
        symbol = self.advance().text
        limit = self.expression(_COMPARISON)
        self.need(")")
        if symbol == "=":
            return Interval(limit, limit, start_included=True, end_included=True)
        if symbol in ("<", "<="):
            return Interval(None, limit, start_included=False, end_included=symbol == "<=")
        if symbol in (">", ">="):
            return Interval(limit, None, start_included=symbol == ">=", end_included=False)
        raise self.error("Not a range")

    def _open_interval(self) -> Node:
        start = self.expression()
        self.need("..")
        return self._interval(start, included=False)

    def _interval(self, start: Node, *, included: bool) -> Node:
        end = self.expression()
        if not self.at("]", ")", "["):
            raise self.error("Expected the end of the interval")
        closed = self.advance().text == "]"
        return Interval(start, end, start_included=included, end_included=closed)

    def _list(self) -> Node:
        if self.take("]"):
            return ListOf(())
        items = [self.expression()]
        if self.take(".."):
            return self._interval(items[0], included=True)
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return ListOf(tuple(items))

    def _context(self) -> Node:
        entries: list[tuple[str, Node]] = []
        while not self.take("}"):
            if entries:
                self.need(",")
            is_text = self.token.kind == "string"
            name = self.advance().text if is_text else self.key(until=":")
            self.need(":")
            entries.append((name, self.expression()))
        if len({name for name, _ in entries}) < len(entries):
            raise self.error("An entry occurs twice in the context")
        return ContextOf(tuple(entries))

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

    def _if(self) -> Node:
        condition = self.expression()
        self.need("then")
        then = self.expression()
        self.need("else")
        return If(condition, then, self.expression())

    def _for(self) -> Node:
        iterations = self._iterations()
        self.need("return")
        return For(iterations, self.expression())

    def _some(self) -> Node:
        return self._quantified(every=False)

    def _every(self) -> Node:
        return self._quantified(every=True)

    def _quantified(self, *, every: bool) -> Node:
        iterations = self._iterations()
        self.need("satisfies")
        return Quantified(every, iterations, self.expression())

    def _iterations(self) -> tuple[Iteration, ...]:
        found: list[Iteration] = []
        while not found or self.take(","):
            name = self.key(until="in")
            self.need("in")
            source = self.expression()
            end = self.expression() if self.take("..") else None
            found.append(Iteration(name, source, end))
        if len(found) > _MAX_ITERATIONS:
            raise FeelLimitError("The expression has too many loops inside each other.")
        return tuple(found)

    def _function(self) -> Node:
        self.need("(")
        names: list[str] = []
        types: list[TypeName | None] = []
        while not self.take(")"):
            if names:
                self.need(",")
            names.append(self.name())
            types.append(self.type() if self.take(":") else None)
        if self.take("external"):
            self.expression()
            return Lambda(tuple(names), tuple(types), None)
        return Lambda(tuple(names), tuple(types), self.expression())

    def _question(self) -> Node:
        return Name("?")

    def _true(self) -> Node:
        return Literal(value=True)

    def _false(self) -> Node:
        return Literal(value=False)

    def _null(self) -> Node:
        return Literal(None)

    def type(self) -> TypeName:
        """A type with what it holds: list<T>, range<T>, context<name: T>, function<T> -> T."""
        self.enter()
        name = self.type_name()
        if name in self.types:
            self.leave()
            return self.types[name]
        names: list[str] = []
        parts: list[TypeName] = []
        if self.take("<"):
            while not self.take(">"):
                if parts:
                    self.need(",")
                if name == "context":
                    names.append(self.key(until=":"))
                    self.need(":")
                parts.append(self.type())
        if name == "function" and self.take("->"):
            parts.append(self.type())
        self.leave()
        return TypeName(name, tuple(parts), tuple(names))

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
            return Bound(self.advance().text, self.expression(_COMPARISON))
        return self.expression(rank)

    def _in_tests(self) -> Tests:
        """What follows `in`; never read twice, or nested tests would take exponential time."""
        if not self.take("("):
            return Tests((self._test(_COMPARISON),))
        tests = self._tests()
        if len(tests) == 1 and self.take(".."):
            return Tests((self._interval(tests[0], included=False),))
        self.need(")")
        return Tests(tests)


_MAX_ITERATIONS = 10
_PRIMARIES: dict[str, Callable[[_Parser], Node]] = {
    "(": _Parser._bracket,  # noqa: SLF001 -- the table belongs to the class
    "[": _Parser._list,  # noqa: SLF001
    "]": _Parser._open_interval,  # noqa: SLF001
    "{": _Parser._context,  # noqa: SLF001
    "@": _Parser._at_literal,  # noqa: SLF001
    "?": _Parser._question,  # noqa: SLF001
    "if": _Parser._if,  # noqa: SLF001
    "for": _Parser._for,  # noqa: SLF001
    "some": _Parser._some,  # noqa: SLF001
    "every": _Parser._every,  # noqa: SLF001
    "function": _Parser._function,  # noqa: SLF001
    "true": _Parser._true,  # noqa: SLF001
    "false": _Parser._false,  # noqa: SLF001
    "null": _Parser._null,  # noqa: SLF001
}
