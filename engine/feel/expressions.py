"""Expressions ready to run, and the shortest ways to run one.

A text is compiled once and kept. Names with blanks or signs in the context (`a-b`) are known
to the parser, so the same text can mean different things under different contexts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from engine.feel import calls, loops, unary
from engine.feel.compiler import compiled
from engine.feel.errors import FeelLimitError
from engine.feel.limits import metered
from engine.feel.names import variables
from engine.feel.parser import parse, parse_tests
from engine.feel.scope import Code, Root
from engine.feel.syntax import Node
from engine.feel.values import Value

NODES = (calls, loops, unary)  # they register how their nodes are compiled
Functions = Mapping[str, Callable[..., object]]
NO_FUNCTIONS: Functions = MappingProxyType({})
_NO_NAMES: frozenset[str] = frozenset()
_CACHE = 4096  # expressions
_CACHED = 2_000  # characters; longer ones would make the cache too large
Parser = Callable[[str, frozenset[str]], Node]


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; may be run by several threads at once."""

    text: str
    node: Node = field(repr=False)
    code: Code = field(repr=False)

    def evaluate(
        self, context: Mapping[str, object], functions: Functions = NO_FUNCTIONS
    ) -> Value:
        """The value under the context; null where kinds do not fit.

        Raises FeelLimitError, and whatever one of the given functions raises.
        """
        with metered():
            return self.code(Root(context, functions))

    @property
    def names(self) -> frozenset[str]:
        """Top-level variables the expression reads."""
        return variables(self.node)


def compile_text(text: str, known: frozenset[str] = _NO_NAMES) -> Expression:
    """The expression of the text; `known` are names beyond plain words.

    Raises FeelSyntaxError with the position, FeelLimitError for long or deep texts.
    """
    return _kept(text, parse, known) if len(text) <= _CACHED else _made(text, parse, known)


def compile_tests(text: str, known: frozenset[str] = _NO_NAMES) -> Expression:
    """The unary tests of the text, to be evaluated with `?` in the context."""
    keep = len(text) <= _CACHED
    return _kept(text, parse_tests, known) if keep else _made(text, parse_tests, known)


@lru_cache(_CACHE)
def _kept(text: str, parser: Parser, known: frozenset[str]) -> Expression:
    return _made(text, parser, known)


def _made(text: str, parser: Parser, known: frozenset[str]) -> Expression:
    try:
        node = parser(text, known)
        return Expression(text, node, compiled(node))
    except RecursionError as error:
        raise FeelLimitError("The expression is nested too deeply.") from error


def evaluate(
    text: str, context: Mapping[str, object], functions: Functions = NO_FUNCTIONS
) -> Value:
    """Compile and evaluate: FeelSyntaxError, FeelLimitError; null where kinds do not fit."""
    return compile_text(text, known_names(text, context)).evaluate(context, functions)


def unary_test(
    text: str,
    value: object,
    context: Mapping[str, object] = MappingProxyType({}),
    functions: Functions = NO_FUNCTIONS,
) -> bool | None:
    """Whether the value passes the unary tests of the text; None where kinds do not fit."""
    tests = compile_tests(text, known_names(text, context))
    verdict = tests.evaluate({**context, unary.QUESTION: value}, functions)
    return verdict if isinstance(verdict, bool) else None


def variable_names(text: str) -> frozenset[str]:
    """Top-level variables the expression of this text reads."""
    return compile_text(text).names


def known_names(text: str, context: Mapping[str, object]) -> frozenset[str]:
    """Keys of the context that are more than one word and occur in the text."""
    return frozenset(key for key in context if not key.isidentifier() and key in text) or _NO_NAMES
