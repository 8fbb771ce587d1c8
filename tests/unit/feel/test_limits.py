"""Hostile expressions: they end soon, and with nothing but a FeelError."""

import contextlib
import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel

DOUBLED = "{a0: [1, 1]" + "".join(f", a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 40))

GREEDY = [
    "(" * 5000,
    "-" * 5000 + "1",
    "[" * 5000,
    "a" + ".b" * 5000,
    "a" + "[1]" * 5000,
    "1" + " = 1" * 4000,
    "x in (" * 3000,
    "not(" * 3000,
    "if true then " * 1000,
    "x instance of " + "list<" * 2000,
    "1 + " * 6000,
    "for a in 1..1000000, b in 1..1000000 return a",
    "some a in 1..1000000000 satisfies a < 0",
    "{f: function(x) f(x), r: f(1)}.r",
    "for i in 1..100000 return [partial]",
    "for i in 1..60 return string(partial)",
    DOUBLED + ", r: flatten(a39)}.r",
    DOUBLED + ", r: string(a39)}.r",
    DOUBLED + ", r: a39 = a38 or a39 = [a38, a38]}.r",
    'string join(for i in 1..90000 return "' + "x" * 9000 + '")',
    'replace("' + "a" * 9000 + '", "a", "' + "b" * 9000 + '")',
    'matches("a", "(a{1000}){1000}")',
    'matches("a", "' + "(" * 400 + ")" * 400 + '")',
    "distinct values(for i in 1..90000 return i)",
]

HARMLESS = [
    "9e6144 * 10",
    "1e6000 ** 1e6000",
    "exp(1000000)",
    'duration("P1Y") * 1e6000',
    'duration("P1D") * 1e20',
    '@"9999-12-31" + @"P1D"',
    "[1][1e6000]",
    'substring("a", -1e6000)',
    "sublist([1], 1e6000)",
    "date(1e6000, 1, 1)",
    "decimal(1.5, 1e6000)",
    "for i in 1..1e6000 return i",
    'matches("a", "(?R)")',
    'matches("a", "[z-a]")',
    'number("' + "9" * 9000 + '")',
]

OBJECTS = [
    "x.__class__",
    "x.__init__",
    "x.real",
    "text.upper",
    "text.format",
    "today.__class__",
    "f.body",
    "f.__globals__",
    "__builtins__",
    "__import__",
    "list.append",
    "text.__class__.__mro__",
]


@pytest.mark.parametrize("text", GREEDY, ids=range(len(GREEDY)))
def test_what_wants_too_much_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelError):
        feel.evaluate(text, {})


def test_a_pattern_that_never_ends_is_stopped() -> None:
    text = 'matches("' + "a" * 5000 + '!", "(a+)+$")'
    with pytest.raises(feel.FeelLimitError, match="pattern"):
        feel.evaluate(text, {})


def test_a_result_that_is_too_large_written_out_is_refused() -> None:
    with pytest.raises(feel.FeelLimitError):
        feel.to_json(feel.evaluate(DOUBLED + "}.a39", {}))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_out_of_range_is_null(text: str) -> None:
    assert feel.evaluate(text, {}) in (None, "")


@pytest.mark.parametrize("text", OBJECTS)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    context = {"x": 1, "text": "a", "list": [], "f": feel.evaluate("function(a) a", {})}
    assert feel.evaluate(text, context) in (None, [])


def test_a_foreign_object_in_the_context_is_null() -> None:
    assert feel.evaluate("x", {"x": object()}) is None
    assert feel.evaluate("x[1].y", {"x": [{"y": open}]}) is None


def test_a_deep_value_is_refused() -> None:
    value: object = 1
    for _ in range(500):
        value = [value]
    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("x", {"x": value})


def test_an_evaluation_inside_another_one_pays_from_the_same_purse() -> None:
    def inner() -> object:
        return feel.evaluate("count(for i in 1..50000 return i)", {})

    with pytest.raises(feel.FeelLimitError):
        feel.evaluate("for i in 1..20 return inner()", {}, {"inner": inner})


WORDS = """
    if then else for in return some every satisfies and or between instance of function not null
    true false item partial ? a b x items - + * / ** = != < <= > >= ( ) [ ] { } , : . .. @ 1 2.5
    1e9 count sum string date duration sort flatten list number "a" "2026-01-01" "P1D"
"""


def _survives(text: str) -> None:
    with contextlib.suppress(feel.FeelError):
        feel.to_json(feel.evaluate(text, {"a": 1, "b": [1, "2"], "items": [{"x": 1}]}))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_raises_nothing_but_a_feel_error(text: str) -> None:
    _survives(text)


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=25))
def test_any_row_of_words_raises_nothing_but_a_feel_error(words: list[str]) -> None:
    _survives(" ".join(words))


VALUES = (
    *("null", "true", "0", "-1", "2.5", "1e6000", '"a"', '""', '"["', "{a: 1}", "[1..3]"),
    *('@"2026-01-01"', '@"10:00:00@Europe/Paris"', '@"9999-12-31T23:59:59Z"', '@"-P1Y"'),
    *('@"PT1S"', "function(a) a", "function(a, b) a < b", '@"0001-01-01T00:00:00+14:00"'),
)
ARGUMENTS = st.recursive(
    st.sampled_from(VALUES),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=4,
)
FUNCTIONS = sorted(feel.function_names())


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(FUNCTIONS), st.lists(ARGUMENTS, max_size=4))
def test_any_call_of_the_library_raises_nothing_but_a_feel_error(
    name: str, arguments: list[str]
) -> None:
    _survives(f"{name}({', '.join(arguments)})")


@settings(max_examples=500, deadline=None)
@given(ARGUMENTS, st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "in"]), ARGUMENTS)
def test_any_operation_raises_nothing_but_a_feel_error(left: str, sign: str, right: str) -> None:
    _survives(f"({left}) {sign} ({right})")


@settings(max_examples=500, deadline=None)
@given(
    st.text(alphabet="ab([{^$.|?*+-\\\\pdw0129,}])&~:", max_size=14),
    st.sampled_from(["", "i", "x", "sm"]),
)
def test_any_pattern_raises_nothing_but_a_feel_error(pattern: str, flags: str) -> None:
    with contextlib.suppress(feel.FeelError):
        feel.evaluate("matches(s, p, f)", {"s": "ab-1", "p": pattern, "f": flags})
        feel.evaluate("replace(s, p, p, f)", {"s": "ab-1", "p": pattern, "f": flags})


def test_random_brackets_end_soon() -> None:
    chance = random.Random(1)
    for _ in range(200):
        _survives("".join(chance.choices("()[]{}<>..,:-?1a" + string.whitespace, k=300)))
