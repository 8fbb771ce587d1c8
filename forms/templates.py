"""Texts with FEEL in them: `{{expression}}`, or a whole text that begins with `=`.

Blocks as form-js knows them: `{{#if condition}}...{{/if}}` and `{{#loop list}}...{{/loop}}`,
where a round of a loop sees its item as `this` and its number, from 1, as `_index_`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from forms.limits import ROWS
from forms.tokens import token

Evaluate = Callable[[str, Mapping[str, object]], object]
Escape = Callable[[str], str]

_DEPTH = 3  # of blocks in blocks
_MARK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of a template: text, an expression, or a block with parts inside."""

    kind: str  # text, value, if, loop, or root
    source: str
    parts: "tuple[_Block, ...]" = ()


def render(
    template: str, context: Mapping[str, object], evaluate: Evaluate, escape: Escape = str
) -> str:
    """Fill in a template; `escape` is applied to what the expressions yield, not to the text."""
    if template.startswith("="):
        return token(evaluate(template[1:], context))
    if "{{" not in template:
        return template
    parts = _parse(template)
    return template if parts is None else _render(parts, context, evaluate, escape)


def expressions(text: str) -> Iterator[str]:
    """The FEEL texts of a template or setting."""
    if text.startswith("="):
        yield text[1:]
        return
    for mark in _MARK.findall(text):
        kind, _, rest = mark.strip().partition(" ")
        if kind in ("#if", "#loop"):
            yield rest.strip()
        elif not kind.startswith("/"):
            yield mark.strip()


def is_broken(text: str) -> bool:
    """Whether braces or blocks of a template do not match."""
    return not text.startswith("=") and "{{" in text and _parse(text) is None


def _parse(template: str) -> tuple[_Block, ...] | None:
    """The parts of a template, None if its braces or blocks do not match."""
    open_blocks: list[tuple[str, str, list[_Block]]] = [("root", "", [])]
    for number, piece in enumerate(_MARK.split(template)):
        if number % 2 == 0:
            if "{{" in piece:
                return None
            open_blocks[-1][2].append(_Block("text", piece))
        elif not _take(piece.strip(), open_blocks):
            return None
    return tuple(open_blocks[0][2]) if len(open_blocks) == 1 else None


def _take(mark: str, open_blocks: list[tuple[str, str, list[_Block]]]) -> bool:
    """Add a mark to the innermost open block; whether it fits there."""
    word, _, rest = mark.partition(" ")
    if word in ("#if", "#loop"):
        open_blocks.append((word[1:], rest.strip(), []))
        return len(open_blocks) <= _DEPTH + 1
    if word.startswith("/"):
        kind, source, parts = open_blocks.pop()
        if kind != word[1:]:
            return False
        open_blocks[-1][2].append(_Block(kind, source, tuple(parts)))
    else:
        open_blocks[-1][2].append(_Block("value", mark))
    return True


def _render(
    parts: tuple[_Block, ...], context: Mapping[str, object], evaluate: Evaluate, escape: Escape
) -> str:
    return "".join(_rendered(part, context, evaluate, escape) for part in parts)


def _rendered(
    part: _Block, context: Mapping[str, object], evaluate: Evaluate, escape: Escape
) -> str:
    if part.kind == "text":
        return part.source
    value = evaluate(part.source, context)
    if part.kind == "value":
        return escape(token(value))
    if part.kind == "if":
        return _render(part.parts, context, evaluate, escape) if value is True else ""
    rounds = value[:ROWS] if isinstance(value, list) else []
    return "".join(
        _render(part.parts, {**context, **_round(item, number)}, evaluate, escape)
        for number, item in enumerate(rounds, 1)
    )


def _round(item: object, number: int) -> dict[str, object]:
    own = dict(item) if isinstance(item, Mapping) else {}
    return {**own, "this": item, "_this_": item, "_index_": number}
