"""Text to tokens. Names with blanks are put together by the parser, which knows them."""

import re
from typing import NamedTuple

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.limits import MAX_SOURCE


class Token(NamedTuple):
    """kind is one of number, string, name, op, end; position counts characters from 0."""

    kind: str
    text: str
    position: int
    end: int


_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    "\U00010000-\U000effff"
)
_TOKEN = re.compile(
    rf"""
    (?P<blank>[\s\u0085\u180e\u200b\ufeff]+|//[^\n\r]*|/\*(?s:.*?)\*/)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\(?s:.))*")
    |(?P<name>[{_LETTER}][{_LETTER}0-9\u00b7\u0300-\u036f\u203f\u2040']*)
    |(?P<op>\.\.|\*\*|->|<=|>=|!=|[<>=+\-*/()\[\]{{}},:.@?])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|(?s:.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def tokens(text: str) -> list[Token]:
    """The tokens of the text, an `end` token last.

    Raises FeelSyntaxError at a character that begins nothing, FeelLimitError for a long text.
    """
    if len(text) > MAX_SOURCE:
        raise FeelLimitError("The expression is too long.")
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise FeelSyntaxError(f"Unexpected {text[position]!r}", position)
        kind = match.lastgroup or ""
        if kind == "string":
            found.append(Token(kind, _unescaped(match[0], position), position, match.end()))
        elif kind != "blank":
            found.append(Token(kind, match[0], position, match.end()))
        position = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found


def _unescaped(literal: str, position: int) -> str:
    if "\\" not in literal:
        return literal[1:-1]
    text = _ESCAPE.sub(_character, literal[1:-1])
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        raise FeelSyntaxError("A broken character in the text", position) from None


def _character(match: re.Match[str]) -> str:
    escape = match[1]
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= 0x10FFFF else match[0]  # noqa: PLR2004 -- Unicode's end
    return _ESCAPES.get(escape, match[0])
