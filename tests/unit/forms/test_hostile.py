"""Posts and definitions made to do harm do none."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forms
from tests.unit.forms.builders import (
    choices,
    codes,
    component,
    evaluate,
    form,
    schema,
    show,
    submit,
)


def row(name):
    return [
        component("textfield", "name", id=f"{name}_name"),
        component("number", "price", id=f"{name}_price"),
    ]


EVERYTHING = form(
    component("textfield", "text", validate={"pattern": "^a+$"}),
    component("textfield", "mail", validate={"validationType": "email", "required": True}),
    component("textfield", "phone", validate={"validationType": "phone"}),
    component("textarea", "area"),
    component("number", "number", decimalDigits=2, validate={"min": "=0", "max": 10}),
    component("number", "exact", serializeToString=True, increment=0.5),
    component("checkbox", "tick"),
    component("select", "select", values=choices("a", "b")),
    component("checklist", "list", valuesExpression="=rows"),
    component("datetime", "date", disallowPassedDates=True),
    component("datetime", "time", subtype="time", timeSerializingFormat="utc_normalized"),
    component("datetime", "moment", subtype="datetime"),
    component("filepicker", "file"),
    component("dynamiclist", "rows", allowAddRemove=True, components=row("row")),
    component("group", "group", components=row("group"), conditional={"hide": "=number > 3"}),
    component("expression", "sum", expression="=sum(rows.price)"),
)
NAMES = [
    "text", "mail", "phone", "area", "number", "exact", "tick", "select", "list", "date",
    "time", "moment", "file", "rows", "group", "sum", "rows._rows", "rows[0].price",
    "rows.1.name", "group.price", "_add", "_del", "_refresh", "__proto__", "rows.x.y",
    "rows.99999.name", "rows..name", ".", "[0]", "rows[0]", "",
]  # fmt: skip
VALUES = st.one_of(
    st.text(alphabet=st.characters(), max_size=30),
    st.sampled_from(
        ["1", "-0", "1e999999", "NaN", "٣", "0001-01-01T00:00", "9999-12-31T23:59-23:59", "24:00"]
    ),
)
POSTS = st.dictionaries(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=20)), st.lists(VALUES, max_size=3)
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POSTS)
def test_no_post_makes_validation_raise(raw):
    submission = forms.validate(EVERYTHING, forms.apply_action(EVERYTHING, raw), evaluate)
    json.dumps(submission.data, allow_nan=False).encode()
    forms.view(EVERYTHING, submission.entered, submission.errors, evaluate)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_no_json_makes_validation_raise(data):
    submission = forms.validate_json(EVERYTHING, data, evaluate)
    json.dumps(submission.data, allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_no_known_data_makes_a_form_raise(data):
    forms.view(EVERYTHING, data, {}, evaluate)
    submission = forms.validate(EVERYTHING, {}, evaluate, data)
    json.dumps(submission.data, allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_no_schema_makes_the_check_raise(made):
    forms.check(json.dumps(made).encode(), "a.json")
    forms.check(json.dumps(schema(made, component("number", validate=made))).encode(), "a.json")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=50))
def test_no_bytes_make_the_check_raise(made):
    assert forms.check(made, "a.json")


def test_a_post_with_too_many_names_is_refused_whole():
    submission = submit(component("textfield"), raw={f"a{n}": "x" for n in range(2001)})
    assert (submission.data, codes(submission)) == ({}, {"": "too_large"})


def test_a_very_long_text_is_refused():
    assert codes(submit(component("textfield"), raw={"it": "x" * 10_000_000})) == {
        "it": "text_max"
    }


def test_a_very_long_number_is_refused():
    assert codes(submit(component("number"), raw={"it": "9" * 300})) == {"it": "number_digits"}


def test_a_number_that_would_lose_digits_is_refused():
    submission = submit(component("number"), raw={"it": "1234567890123456.789"})
    assert codes(submission) == {"it": "number_digits"}


def test_rows_in_rows_cannot_multiply():
    deep = component("textfield", "name")
    for level in "cba":
        deep = component(
            "dynamiclist", level, allowAddRemove=True, defaultRepetitions=100, components=[deep]
        )
    started = time.monotonic()
    submission = submit(deep, raw={"a._rows": "100"})
    assert "rows" in codes(submission).values()
    assert time.monotonic() - started < 5


SLOW = {"pattern": "^(a|aa)+$"}


def test_a_slow_pattern_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr("forms.patterns.is_slow", lambda _: False)
    pattern = component("textfield", validate=SLOW)
    assert codes(submit(pattern, raw={"it": "a" * 3000 + "!"})) == {"it": "pattern_timeout"}


def test_many_slow_answers_take_no_longer_than_a_few(monkeypatch):
    monkeypatch.setattr("forms.patterns.is_slow", lambda _: False)
    name = component("textfield", "name", validate=SLOW)
    rows = component("dynamiclist", "rows", allowAddRemove=True, components=[name])
    raw = {f"rows.{n}.name": "a" * 300 + "!" for n in range(100)}
    started = time.monotonic()
    assert set(codes(submit(rows, raw=raw)).values()) == {"pattern_timeout"}
    assert time.monotonic() - started < 5


def test_values_in_a_markdown_text_are_no_markup():
    text = component("text", text="Hello {{name}}")
    data = {"name": "<b>x</b> [a](javascript:alert(1)) **y** # z"}
    html = show(text, data=data).rows[0].fields[0].html
    assert "<b>" not in html
    assert "<a" not in html
    assert "<strong>" not in html


@pytest.mark.parametrize(
    "text", ["<script>x</script>", "[a](javascript:x)", "![a](https://x/y.png)", "<img src=x>"]
)
def test_markdown_brings_no_code_and_no_pictures(text):
    html = show(component("text", text=text)).rows[0].fields[0].html
    assert not any(tag in html for tag in ("<script", "<img", "href"))


def test_a_computed_address_of_an_image_is_checked():
    image = component("image", source='="javascript:alert(1)"', alt="A")
    assert show(image).rows[0].fields[0].attributes["src"] == ""


def test_control_characters_and_direction_marks_are_dropped():
    posted = "A\x00d\u202ea\ud800\x1b"
    assert submit(component("textfield"), raw={"it": posted}).data == {"it": "Ada"}


def test_text_is_composed():
    assert submit(component("textfield"), raw={"it": "Zoe\u0308"}).data == {"it": "Zoë"}


def test_joiners_of_indic_scripts_are_kept():
    text = "क्\u200dष"
    assert submit(component("textfield"), raw={"it": text}).data == {"it": text}
