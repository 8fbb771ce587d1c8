"""Forms for programs: answers as JSON, their schema; and answers for people to read back."""

import pytest

import forms
from tests.unit.forms.builders import choices, codes, component, evaluate, form

REQUIRED = {"required": True}
ROW = [component("textfield", "item", validate=REQUIRED), component("number", "price")]
CLAIM = form(
    component("textfield", "name", validate={**REQUIRED, "maxLength": 9}, properties={"pii": "1"}),
    component("number", "amount", decimalDigits=0, validate={"min": 1, "max": "=limit"}),
    component("checkbox", "agree", validate=REQUIRED),
    component("select", "kind", values=choices("water", "fire"), validate=REQUIRED),
    component("checklist", "rooms", values=choices("bath", "attic")),
    component("datetime", "day", label=None, dateLabel="Day of damage"),
    component("textfield", "why", conditional={"hide": '=kind = "fire"'}, validate=REQUIRED),
    component("group", "bank", components=[component("textfield", "iban", validate=REQUIRED)]),
    component("dynamiclist", "items", allowAddRemove=True, components=ROW),
    component("expression", "double", expression="=amount * 2"),
)
DATA = {
    "name": "Ada",
    "amount": 5,
    "agree": True,
    "kind": "fire",
    "rooms": ["bath", "attic"],
    "day": "2026-05-01",
    "bank": {"iban": "DE1"},
    "items": [{"item": "Lamp", "price": 2.5}],
}


def validated(**changes):
    return forms.validate_json(CLAIM, {**DATA, **changes}, evaluate)


def test_json_is_taken_as_it_is():
    submission = validated()
    assert (submission.data, codes(submission)) == ({**DATA, "double": 10}, {})


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"name": None}, "name", "required"),
        ({"amount": "x"}, "amount", "number"),
        ({"amount": float("inf")}, "amount", "number"),
        ({"agree": False}, "agree", "required_checkbox"),
        ({"kind": "storm"}, "kind", "option"),
        ({"kind": "water"}, "why", "required"),
        ({"rooms": [1]}, "rooms", "option"),
        ({"bank": []}, "bank.iban", "required"),
        ({"items": [{}]}, "items.0.item", "required"),
        ({"name": {"a": "b"}}, "name", "required"),
    ],
)
def test_json_is_judged_by_the_same_rules(changes, path, code):
    assert codes(validated(**changes))[path] == code


def test_json_that_is_too_deep_is_refused():
    deep = {}
    for _ in range(200):
        deep = {"name": deep}
    assert codes(forms.validate_json(CLAIM, deep, evaluate)) == {"": "too_large"}


def test_json_that_is_too_large_is_refused():
    assert codes(validated(items=[{"item": "x"}] * 5000)) == {"": "too_large"}


def test_the_schema_says_what_is_required():
    schema = forms.to_json_schema(CLAIM)
    assert schema["required"] == ["name", "agree", "kind", "bank"]
    assert schema["properties"]["bank"]["required"] == ["iban"]


def test_the_schema_names_types_and_limits():
    properties = forms.to_json_schema(CLAIM)["properties"]
    assert properties["name"] == {
        "title": "Name",
        "type": "string",
        "minLength": 1,
        "maxLength": 9,
    }
    assert properties["amount"] == {"title": "Amount", "type": ["integer", "null"], "minimum": 1}
    assert properties["agree"] == {"title": "Agree", "type": "boolean", "const": True}
    assert properties["day"]["format"] == "date"


def test_the_schema_lists_the_answers_of_a_choice():
    properties = forms.to_json_schema(CLAIM)["properties"]
    assert properties["kind"] == {"title": "Kind", "enum": ["water", "fire"]}
    assert properties["rooms"]["items"] == {"enum": ["bath", "attic"]}


def test_the_schema_describes_rows():
    items = forms.to_json_schema(CLAIM)["properties"]["items"]
    assert (items["type"], items["items"]["required"]) == ("array", ["item"])


def test_computed_values_are_not_asked_of_programs():
    assert "double" not in forms.to_json_schema(CLAIM)["properties"]


def read_back(formatter=None):
    found = forms.answers(CLAIM, DATA, evaluate, formatter)
    return [(answer.section, answer.label, answer.value) for answer in found]


def test_answers_are_read_back_in_words():
    assert read_back() == [
        ("", "Name", "Ada"),
        ("", "Amount", "5"),
        ("", "Agree", "Yes"),
        ("", "Kind", "Fire"),
        ("", "Rooms", "Bath, Attic"),
        ("", "Day of damage", "2026-05-01"),
        ("Bank", "Iban", "DE1"),
        ("Items 1", "Item", "Lamp"),
        ("Items 1", "Price", "2.5"),
    ]


def test_the_caller_may_write_values_in_its_own_way():
    written = dict(line[1:] for line in read_back(lambda kind, value: f"{kind}:{value}"))
    assert written["Amount"] == "number:5"
    assert written["Day of damage"] == "date:2026-05-01"
    assert written["Agree"] == "boolean:True"


def test_personal_answers_are_marked():
    found = forms.answers(CLAIM, DATA, evaluate)
    assert [answer.path for answer in found if answer.personal] == ["name"]


def test_an_empty_answer_is_an_empty_text():
    found = forms.answers(CLAIM, {"name": "", "amount": None}, evaluate)
    assert [answer.value for answer in found] == ["", ""]
