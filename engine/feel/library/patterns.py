"""Functions with regular expressions; hostile ones run out of time, not of our patience.

Flags as in XPath: s (dot takes line ends), m (lines), i (case), x (blanks ignored).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import regex

from engine.feel.errors import FeelLimitError
from engine.feel.library.registry import builtin
from engine.feel.library.xpath import translated
from engine.feel.limits import MAX_PATTERN, PATTERN_TIME, spend, spend_items, spend_text
from engine.feel.values import Value

_T = TypeVar("_T")
_BIG = 100_000  # characters from which on a growing result is paid for by its size
_FLAGS = {"s": 0, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": 0}
_GROUP = regex.compile(r"\\(.)|\$([0-9])")
_SECONDS = PATTERN_TIME.total_seconds()


@builtin("matches", "input: string, pattern: string, flags: string?")
def _matches(text: str, pattern: str, flags: str | None) -> Value:
    found = _compiled(pattern, flags or "")
    return _timed(lambda: found.search(text, timeout=_SECONDS) is not None)


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?")
def _replace(text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    found = _compiled(pattern, flags or "")
    size = [len(text)]

    def expand(match: regex.Match[str]) -> str:
        piece = _GROUP.sub(lambda part: _piece(part, match), replacement)
        size[0] += len(piece)
        spend_text(size[0]) if size[0] > _BIG else spend()
        return piece

    result = _timed(lambda: found.sub(expand, text, timeout=_SECONDS))
    spend_text(len(result))
    return result


@builtin("split", "string: string, delimiter: string")
def _split(text: str, delimiter: str) -> Value:
    found = _compiled(delimiter, "")
    spend_text(len(text))
    if not delimiter:
        return None
    parts = _timed(lambda: _pieces(text, found))
    spend_items(len(parts))
    return parts


def _pieces(text: str, pattern: regex.Pattern[str]) -> list[Value]:
    """Like split of the regex module, but without the groups of the pattern."""
    parts: list[Value] = []
    start = 0
    for match in pattern.finditer(text, timeout=_SECONDS):
        if match.end() > match.start():
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _piece(part: regex.Match[str], match: regex.Match[str]) -> str:
    if part[1] is not None:
        return part[1]
    group = int(part[2])
    return (match[group] or "") if group <= match.re.groups else ""


@lru_cache(512)
def _compiled(pattern: str, flags: str) -> regex.Pattern[str]:
    """The pattern; ValueError for one that is none, which makes the call null."""
    if len(pattern) > MAX_PATTERN:
        raise FeelLimitError("A pattern is too long.")
    bits = regex.VERSION1
    for flag in flags:
        if flag not in _FLAGS:
            raise ValueError(flag)
        bits |= _FLAGS[flag]
    text = translated(pattern, flags)
    try:
        return regex.compile(text, bits, cache_pattern=False)
    except (regex.error, LookupError, OverflowError, MemoryError) as error:
        raise ValueError(pattern) from error


def _timed(run: Callable[[], _T]) -> _T:
    try:
        return run()
    except TimeoutError as error:
        raise FeelLimitError("A pattern takes too long.") from error
