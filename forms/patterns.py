r"""Patterns that analysts write and that run on customers' text: always against the clock.

The syntax is JavaScript's, read by `regex`; classes like \d mean ASCII as they do there. What
`regex` knows beyond JavaScript is refused, and so are counts that would fill the memory.
"""

import math
import re
from functools import lru_cache

import regex

from forms.limits import PATTERN_LENGTH, PATTERN_REPEATS, PATTERN_TIME

_ESCAPES = re.compile(r"\\[pPu]\{[^}]*\}|\\k<(\w*)>|\\.", re.DOTALL)
_CLASSES = re.compile(r"\[\^?\]?[^\]]*\]")
_FOREIGN = re.compile(r"\(\?(?!:|=|!|<=|<!|<[A-Za-z_])|\(\*|\{(?!\d+(,\d*)?\})")
_COUNTS = re.compile(r"\{(\d+)")
_PROBES = ("a", "A", "0", " ", "-", "aA0 ", "a@a.", "0-")
_PROBE_LENGTH = 400


class PatternError(Exception):
    """The pattern is not a regular expression."""


class PatternTimeoutError(Exception):
    """The pattern took too long on this text."""


def found(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text; PatternError, PatternTimeoutError."""
    try:
        match = _compiled(pattern).search(text, timeout=PATTERN_TIME.total_seconds())
    except TimeoutError as cause:
        raise PatternTimeoutError from cause
    return match is not None


def is_slow(pattern: str) -> bool:
    """Whether the pattern takes too long on one of some texts made to be slow; PatternError."""
    literals = {character for character in pattern if character.isalnum()}
    for seed in (*_PROBES, *sorted(literals)[:10]):
        try:
            found(pattern, (seed * _PROBE_LENGTH)[:_PROBE_LENGTH] + "\x01")
        except PatternTimeoutError:
            return True
    return False


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> "regex.Pattern[str]":
    if len(pattern) > PATTERN_LENGTH:
        raise PatternError(f"longer than {PATTERN_LENGTH} characters")
    _refuse_foreign(pattern)
    # With \p{...} the alphabet is Unicode's, and then \d is any script's digit.
    alphabet = regex.UNICODE if re.search(r"\\[pP]\{", pattern) else regex.ASCII
    try:
        return regex.compile(_ESCAPES.sub(_escape, pattern), alphabet | regex.VERSION0)
    except (regex.error, ValueError, OverflowError, RecursionError) as cause:
        raise PatternError(str(cause)) from cause


def _refuse_foreign(pattern: str) -> None:
    skeleton = _CLASSES.sub("x", _ESCAPES.sub("x", pattern))
    foreign = _FOREIGN.search(skeleton)
    if foreign:
        raise PatternError(f"{skeleton[foreign.start() : foreign.start() + 3]} is not known here")
    # Counts multiply when they are nested, and `regex` writes them out.
    if math.prod(max(1, int(count[:9])) for count in _COUNTS.findall(skeleton)) > PATTERN_REPEATS:
        raise PatternError("it repeats too often")


def _escape(match: "re.Match[str]") -> str:
    r"""The escape as `regex` writes it: `\k<name>` is `(?P=name)` there."""
    return f"(?P={match[1]})" if match[1] else match[0]
