"""The parts of an expression that begin with a word or a bracket of their own."""

from abc import ABC, abstractmethod

from engine.feel import numbers, temporal
from engine.feel.cursor import Cursor
from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.syntax import (
    ContextOf,
    For,
    If,
    Interval,
    Iteration,
    Lambda,
    ListOf,
    Literal,
    Name,
    Node,
    Quantified,
    TypeName,
)

COMPARATORS = frozenset(("<", "<=", ">", ">=", "=", "!="))
COMPARISON = 3  # their rank among the operators
_MAX_ITERATIONS = 10


class Grammar(Cursor, ABC):
    """Rules that read on after their first token; the operators are the parser's."""

    @abstractmethod
    def expression(self, rank: int = 0) -> Node:
        """Read an expression of operators above this rank."""

    def number(self) -> Node:
        """A number."""
        token = self.advance()
        value = numbers.from_text(token.text)
        if value is None:
            raise FeelSyntaxError("The number is out of range", token.position)
        return Literal(value)

    def at_literal(self) -> Node:
        """A date, time or duration after @."""
        token = self.advance()
        if token.kind != "string":
            raise FeelSyntaxError("Expected a text after @", token.position)
        return Literal(temporal.parse_any(token.text))

    def bracket(self) -> Node:
        """What follows `(`: an expression, or an interval without its start."""
        if self.token.text in COMPARATORS and self.token.kind == "op":
            return self._range_of_bound()
        inner = self.expression()
        if self.take(".."):
            return self.interval(inner, included=False)
        self.need(")")
        return inner

    def _range_of_bound(self) -> Node:
        symbol = self.advance().text
        limit = self.expression(COMPARISON)
        self.need(")")
        if symbol == "=":
            return Interval(limit, limit, start_included=True, end_included=True)
        if symbol in ("<", "<="):
            return Interval(None, limit, start_included=False, end_included=symbol == "<=")
        if symbol in (">", ">="):
            return Interval(limit, None, start_included=symbol == ">=", end_included=False)
        raise self.error("Not a range")

    def open_interval(self) -> Node:
        """What follows `]`, an interval without its start."""
        start = self.expression()
        self.need("..")
        return self.interval(start, included=False)

    def interval(self, start: Node, *, included: bool) -> Node:
        """The end of an interval whose start was read."""
        end = self.expression()
        if not self.at("]", ")", "["):
            raise self.error("Expected the end of the interval")
        closed = self.advance().text == "]"
        return Interval(start, end, start_included=included, end_included=closed)

    def sequence(self) -> Node:
        """What follows `[`: a list, or an interval."""
        if self.take("]"):
            return ListOf(())
        items = [self.expression()]
        if self.take(".."):
            return self.interval(items[0], included=True)
        while self.take(","):
            items.append(self.expression())
        self.need("]")
        return ListOf(tuple(items))

    def context(self) -> Node:
        """What follows `{`."""
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

    def conditional(self) -> Node:
        """What follows `if`."""
        condition = self.expression()
        self.need("then")
        then = self.expression()
        self.need("else")
        return If(condition, then, self.expression())

    def loop(self) -> Node:
        """What follows `for`."""
        iterations = self._iterations()
        self.need("return")
        return For(iterations, self.expression())

    def some(self) -> Node:
        """What follows `some`."""
        return self._quantified(every=False)

    def every(self) -> Node:
        """What follows `every`."""
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

    def function(self) -> Node:
        """What follows `function`."""
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

    def question(self) -> Node:
        """The value under test."""
        return Name("?")

    def true(self) -> Node:
        """The truth."""
        return Literal(value=True)

    def false(self) -> Node:
        """Its opposite."""
        return Literal(value=False)

    def null(self) -> Node:
        """Nothing."""
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
