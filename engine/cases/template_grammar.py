"""What a message template may say: values, filters, conditions, loops over data. Nothing grows.

Without names for intermediate values, macros and recursion, what a template makes is bounded by
its own length and its data; loops pay for each round, and joining is measured before it is done.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import do_join, do_replace, do_round
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context

ROUNDS = 1_000  # of all loops of one message
CHAIN = 10  # filters in filters
DIGITS = 10  # of a rounded number
MAX_TEXT = 100_000  # characters of one value
COUNTED = "counted"
JOINED = "join"
STATEMENTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For)
EXPRESSIONS = (
    *(nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice),
    *(nodes.Filter, nodes.Test, nodes.Keyword, nodes.Compare, nodes.Operand, nodes.CondExpr),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos, nodes.Concat),
    *(nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow),
)
LITERALS = (nodes.List, nodes.Tuple)  # of constants alone

_left: ContextVar[int] = ContextVar("template_rounds", default=ROUNDS)


@contextmanager
def rounds() -> Iterator[None]:
    """Give the loops in the block their rounds."""
    token = _left.set(ROUNDS)
    try:
        yield
    finally:
        _left.reset(token)


def restrict(tree: nodes.Template) -> nodes.Template:
    """The template, its loops counted and its texts measured.

    Raises TemplateSyntaxError for what a template may not say.
    """
    _check(tree, 0)
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = _filtered(loop.iter, COUNTED)
    for text in list(tree.find_all(nodes.Concat)):
        text.nodes = [_filtered(nodes.List(text.nodes, lineno=text.lineno), JOINED)]
    return tree


def counted(items: Iterable[object]) -> Iterator[object]:
    """The items, each of them paid for."""
    for item in items:
        left = _left.get() - 1
        if left < 0:
            raise SecurityError(f"the loops take more than {ROUNDS} rounds")
        _left.set(left)
        yield item


@pass_eval_context
def join(context: EvalContext, items: Iterable[object], between: str = "") -> str:
    """Jinja's own, after a look at the length."""
    parts = list(items)
    _measure(sum(len(str(part)) + len(str(between)) for part in parts))
    joined: str = do_join(context, parts, between)
    return joined


@pass_eval_context
def replace(context: EvalContext, text: str, old: str, new: str) -> str:
    """Jinja's own, after a look at the length."""
    plain = str(text)
    _measure(len(plain) + plain.count(str(old)) * len(str(new)))
    return do_replace(context, text, old, new)


def rounded(value: float, digits: int = 0) -> float:
    """Jinja's own, with few digits."""
    if abs(digits) > DIGITS:
        raise SecurityError(f"a number is rounded to {DIGITS} digits at most")
    return do_round(value, digits)


def added(left: str, right: str) -> str:
    """Two texts one behind the other."""
    _measure(len(left) + len(right))
    return left + right


def _measure(length: int) -> None:
    if length > MAX_TEXT:
        raise SecurityError(f"a text becomes longer than {MAX_TEXT} characters")


def _check(node: nodes.Node, chain: int) -> None:
    known = isinstance(node, (*STATEMENTS, *EXPRESSIONS)) or _is_literal(node)
    if not known or (isinstance(node, nodes.For) and node.recursive) or chain > CHAIN:
        kind = "a chain of filters" if chain > CHAIN else type(node).__name__.lower()
        raise TemplateSyntaxError(f"{kind} is not for messages", node.lineno)
    inner = chain + 1 if isinstance(node, nodes.Filter) else chain
    for child in node.iter_child_nodes():
        _check(child, inner)


def _is_literal(node: nodes.Node) -> bool:
    return isinstance(node, LITERALS) and all(isinstance(i, nodes.Const) for i in node.items)


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast("nodes.Expr", node), name, [], [], None, None, lineno=node.lineno)
