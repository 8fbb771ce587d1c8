"""What expressions give, by example: (text, value as JSON)."""

import datetime as dt
from decimal import Decimal

import pytest

from engine import clock, feel

CONTEXT = {
    "kind": "fire",
    "amount": 1500,
    "agree": True,
    "nothing": None,
    "rooms": ["k", "b"],
    "items": [{"name": "tv", "price": 100, "qty": 2}, {"name": "cup", "price": 10, "qty": 3}],
    "customer": {"name": "Ada", "address": {"city": "Oslo"}},
    "when": "2026-05-01",
    "monthly fee": 12.5,
    "a-b": 7,
    "a": 3,
}

FORMS = [
    ('kind != "other"', True),
    ('amount >= 1000 and kind = "fire"', True),
    ('amount > 10 or kind = "x"', True),
    ("not(agree)", False),
    ('not(kind = "fire")', False),
    ("amount * 0.1", 150),
    ("0.1 + 0.2 = 0.3", True),
    ("0.1 + 0.2", 0.3),
    ("missing = null", True),
    ("missing > 3", None),
    ("amount = null or amount < 5", False),
    ("is defined(missing)", False),
    ("is defined(nothing)", True),
    ('if amount > 100 then "big" else "small"', "big"),
    ("amount in [1..2000]", True),
    ("amount in (1500..2000]", False),
    ('kind in ("fire", "water")', True),
    ("amount in (< 10, > 1000)", True),
    ("amount between 1 and 2000", True),
    ('list contains(rooms, "k")', True),
    ("sum(items.price)", 110),
    ("sum(for i in items return i.price * i.qty)", 230),
    ("some i in items satisfies i.price > 50", True),
    ("every i in items satisfies i.price > 50", False),
    ("items[price > 50].name", ["tv"]),
    ("items[item.qty = 3][1].name", "cup"),
    ("items[-1].name", "cup"),
    ('customer.address.city = "Oslo"', True),
    ("customer.phone.number", None),
    ('date(when) + duration("P1D")', "2026-05-02"),
    ("monthly fee * 2", 25),
    ("a-b", 7),
    ("a - 1", 2),
    ("kind + 1", None),
    ('amount and kind = "water"', False),
]

LANGUAGE = [
    ("-2 ** 2", 4),
    ("2 ** 3 ** 2", 64),
    ("10 - 2 - 3", 5),
    ("1 / 0", None),
    ("1 / 3", "0.3333333333333333333333333333333333"),
    ("9007199254740993", "9007199254740993"),
    ("{a: 1, b: a + 1}.b", 2),
    ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", 3628800),
    ("(function(x, y) x - y)(y: 1, x: 3)", 2),
    ("for x in [1, 2], y in [10, 20] return x + y", [11, 21, 12, 22]),
    ("for i in 3..1 return i", [3, 2, 1]),
    ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3]),
    ("[1, 2, 3] = [1, 2, 3]", True),
    ('1 = "1"', None),
    ("true and null", None),
    ("false and null", False),
    ('"a" < "b"', True),
    ("[1..3] instance of range<number>", True),
    ("[1, 2] instance of list<number>", True),
    ('@"P1D" instance of days and time duration', True),
    ("null instance of Any", False),
    ("5 in ]1..5[", False),
    ("/* why */ 1 // because", 1),
    ('"\\u0041\\t"', "A\t"),
    ("[[1, 2], [3]][1]", [1, 2]),
    ("1[1]", 1),
    ("null[1]", None),
]

LIBRARY = [
    ('substring("foobar", -2)', "ar"),
    ('string length("\\U01F40E")', 1),
    ('string join(["a", null, "b"], "-")', "a-b"),
    ('replace("abcd", "(ab)|(a)", "[1=$1]")', "[1=ab]cd"),
    ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
    ('number("1 500,5", " ", ",")', 1500.5),
    ("round half up(12.345, 2)", 12.35),
    ("decimal(2.5, 0)", 2),
    ("modulo(-12, 5)", 3),
    ("floor(-1.5)", -2),
    ("median([8, 2, 5, 3])", 4),
    ("mode([6, 3, 9, 6, 6])", [6]),
    ("mean(1, 2, 3)", 2),
    ("min([])", None),
    ("sort([3, 1, 2])", [1, 2, 3]),
    ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
    ("distinct values([1, 2, 1])", [1, 2]),
    ("sublist([1, 2, 3], -2)", [2, 3]),
    ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
    ("list replace([1, 2], 2, 9)", [1, 9]),
    ("insert before([1, 3], 2, 2)", [1, 2, 3]),
    ("all([true, null])", None),
    ("any([true, null])", True),
    ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
    ('get value({a: 1}, "a")', 1),
    ("context merge([{a: 1}, {a: 2}]).a", 2),
    ("before(1, [2..3])", True),
    ("overlaps([1..5], (5..8])", False),
    ("meets([1..5], [5..10])", True),
    ("during(3, [1..5])", True),
    ('date("2026-02-30")', None),
    ('day of week(date("2026-11-22"))', "Sunday"),
    ('date(2024, 1, 31) + duration("P1M")', "2024-02-29"),
    ('(@"2026-05-03" - @"2026-05-01").days', 2),
    ('years and months duration(@"2020-01-31", @"2026-01-30")', "P5Y11M"),
    ('@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2026-03-29T03:30:00@Europe/Paris"),
    ('time("10:00:00") - time("08:30:00")', "PT1H30M"),
    ('duration("P1D") / duration("PT6H")', 4),
    ('substring(start position: 2, string: "abc")', "bc"),
    ('substring(string: "abc", begin: 2)', None),
    ('string([1, "a", null])', '[1, "a", null]'),
    ("no such thing(1)", None),
]


@pytest.mark.parametrize(("text", "expected"), FORMS + LANGUAGE + LIBRARY)
def test_an_expression_gives_its_value(text: str, expected: object) -> None:
    assert feel.to_json(feel.evaluate(text, CONTEXT)) == expected


def test_true_is_told_from_one() -> None:
    assert feel.evaluate("1 = 1", {}) is True
    assert feel.evaluate("x = 1", {"x": True}) is None


@pytest.mark.parametrize(
    ("tests", "value", "verdict"),
    [
        ("-", 5, True),
        ("< 10", 5, True),
        ("[1..5), 9", 9, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("? > 1 and ? < 3", 2, True),
        ('"a", "b"', "b", True),
        ("null", None, True),
        ("< 10", "text", None),
        ("limit", 7, True),
        ("allowed", 8, True),
    ],
)
def test_unary_tests_judge_a_value(tests: str, value: object, verdict: object) -> None:
    assert feel.unary_test(tests, value, {"limit": 7, "allowed": [8, 9]}) is verdict


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a.b + c", {"a", "c"}),
        ("for i in list return i * rate", {"list", "rate"}),
        ("{a: 1, b: a + x}", {"x"}),
        ("function(n) n + m", {"m"}),
        ("count(rooms[? > item])", {"rooms"}),
        ('level(1) + number("2")', set()),
    ],
)
def test_names_are_the_variables_read(text: str, names: set[str]) -> None:
    assert feel.names(text) == names


def test_the_clock_of_the_context_gives_now_and_today() -> None:
    with clock.frozen_at(dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)):
        assert feel.evaluate("today()", {}) == dt.date(2026, 5, 1)
        assert feel.to_json(feel.evaluate("now()", {})) == "2026-05-01T12:00:00Z"


def test_functions_of_the_caller_are_called_with_feel_values() -> None:
    functions = {"level": lambda number: {"due": [number]}}
    assert feel.evaluate("level(2).due[1]", {}, functions) == Decimal(2)


def test_what_a_function_of_the_caller_raises_passes_through() -> None:
    def level(_number: object) -> object:
        raise LookupError("no such level")

    with pytest.raises(LookupError):
        feel.evaluate("level(9)", {}, {"level": level})


@pytest.mark.parametrize("text", ["level()", "level(1, 2)", "level(number: 1)"])
def test_a_function_of_the_caller_with_wrong_arguments_gives_null(text: str) -> None:
    assert feel.evaluate(text, {}, {"level": lambda number: number}) is None


def test_a_function_of_the_caller_comes_before_the_library() -> None:
    assert feel.evaluate("today()", {}, {"today": lambda: "never"}) == "never"


def test_a_variable_named_like_a_function_leaves_the_function_callable() -> None:
    assert feel.evaluate("count(count)", {"count": [1, 2]}) == Decimal(2)


@pytest.mark.parametrize(
    "text", ["1 +", "(1", "a b c =", '"open', "if a then b", "{a 1}", "#", ""]
)
def test_what_is_no_expression_is_a_syntax_error_with_its_position(text: str) -> None:
    with pytest.raises(feel.FeelSyntaxError, match="at character"):
        feel.compile(text)


@pytest.mark.parametrize(
    "value",
    [1, -3, 1.5, 0.1, True, None, "text", [1, [2.5]], {"a": {"b": None}}, 2**53],
)
def test_json_comes_back_as_it_went_in(value: object) -> None:
    assert feel.to_json(feel.from_json(value)) == value


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.0", 1),
        ("1E3", 1000),
        ("0.1", 0.1),
        ("-0", 0),
        ("9007199254740993", "9007199254740993"),
        ("0.12345678901234567890", "0.1234567890123456789"),
    ],
)
def test_a_number_is_written_without_loss(number: str, expected: object) -> None:
    written = feel.to_json(Decimal(number))
    assert written == expected
    assert type(written) is type(expected)
