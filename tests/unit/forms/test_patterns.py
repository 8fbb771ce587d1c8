"""Patterns that analysts write: JavaScript's, and harmless."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import patterns


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("^[A-Z]{2}[0-9]{2}$", "DE12", True),
        ("b", "abc", True),
        ("^b", "abc", False),
        (r"^\d+$", "१२", False),
        (r"^\(?\+49\)?", "(+49)", True),
        ("^(?:a|b)(?=c)(?!d)", "ac", True),
        (r"(?<year>\d{4})-\k<year>", "2026-2026", True),
        (r"^[(?x{]$", "{", True),
        (r"^\p{Lu}", "Ä", True),
        (r"^a{2,}\{$", "aaa{", True),
        ("^\\u00e4$", "ä", True),
    ],
)
def test_a_pattern_is_found_as_in_javascript(pattern, text, found):
    assert patterns.found(pattern, text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "[",
        "(",
        "a{2",
        "(?i)a",
        "(?x) a{ 9 }",
        "(?R)",
        "(?P<a>b)",
        "(?>a)",
        "(*FAIL)",
        "(?:foo){e<=3}",
        "a{1000000000}",
        "((a{1000}){1000}){1000}",
        "(?:a{1000}){1000}",
        "a" * 501,
    ],
)
def test_what_javascript_does_not_know_or_memory_cannot_hold_is_refused(pattern):
    with pytest.raises(patterns.PatternError):
        patterns.found(pattern, "a")


PIECES = st.sampled_from([*"ab0^$.|()[]{}?*+-,\\:=!<>&#~ ", "(?", "\\p{", "\\k<", "{9,", "[^"])


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.text(alphabet="ab0 ", max_size=20))
def test_no_pattern_does_anything_but_match_or_be_refused(pattern, text):
    with contextlib.suppress(patterns.PatternError, patterns.PatternTimeoutError):
        patterns.found(pattern, text)
