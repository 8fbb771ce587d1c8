r"""Patterns that analysts write and that run on customers' text: always against the clock.

The syntax is JavaScript's, read by `regex`; classes like \d mean ASCII as they do there.
"""

from functools import lru_cache

import regex

from forms.limits import PATTERN_LENGTH, PATTERN_TIME

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
    try:
        return regex.compile(pattern, regex.ASCII | regex.VERSION0)
    except (regex.error, ValueError, OverflowError, RecursionError) as cause:
        raise PatternError(str(cause)) from cause
