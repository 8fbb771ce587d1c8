"""What the check of a definition finds."""

import json

import pytest

import forms
from engine import feel
from engine.feel.errors import FeelError
from tests.unit.forms.builders import choices, component, schema


def problem(text):
    try:
        feel.compile(text)
    except FeelError as cause:
        return str(cause)
    return None


def rules(*components, **overrides):
    made = json.dumps(schema(*components, **overrides)).encode()
    return {finding.rule for finding in forms.check(made, "a.form.json", problem)}


def test_a_good_form_has_no_findings():
    fields = [component("textfield", "name"), component("select", "kind", values=choices("a"))]
    assert rules(*fields, component("group", "bank", components=[])) == set()


@pytest.mark.parametrize("kind", ["iframe", "html", "documentPreview"])
def test_foreign_code_is_refused(kind):
    assert rules(component(kind)) == {"type-refused"}


LIMITED = {
    "minLength": {"minLength": 3, "maxLength": 2},
    "min": {"min": 3, "max": 2},
    "word": {"min": "three"},
    "infinite": {"max": "1e999"},
}


@pytest.mark.parametrize("limits", LIMITED.values(), ids=LIMITED)
def test_limits_that_make_no_sense_are_found(limits):
    assert rules(component("number", validate=limits)) == {"limit"}


@pytest.mark.parametrize("increment", [0, -1, "x", True])
def test_a_step_must_be_above_zero(increment):
    assert rules(component("number", increment=increment)) == {"limit"}


KEYS = ["a b", "a.", ".a", "__proto__", "a.__proto__", "constructor", "0", "a.0", "this", "_rows"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_no_name_or_reserved_is_found(key):
    assert rules(component("textfield", key=key)) == {"key"}


ONE = {
    "type-unknown": component("magic"),
    "id-missing": component("textfield", id=None),
    "key-missing": component("textfield", key=None),
    "label-missing": component("textfield", label=None),
    "hide": component("textfield", conditional={"hide": "a = 1"}),
    "expression": component("textfield", conditional={"hide": "=1 +"}),
    "template": component("text", text="Hello {{name"),
    "pattern": component("textfield", validate={"pattern": "["}),
    "pattern-slow": component("textfield", validate={"pattern": "^(a|aa)+$"}),
    "options": component("radio"),
    "subtype": component("datetime", subtype="year"),
    "image": component("image", source="javascript:x", alt="A"),
    "image-alt": component("image", source="/a.png"),
    "columns": component("table", dataSource="=a"),
    "components": component("group"),
    "rows": component("dynamiclist", components=[], defaultRepetitions=101),
    "property": component("textfield", properties={"inputmode": "shout"}),
    "size": component("textfield", description="x" * 20_001),
}


@pytest.mark.parametrize("rule", ONE)
def test_one_thing_wrong_is_one_finding(rule):
    assert rules(ONE[rule]) == {rule}


@pytest.mark.parametrize(
    "values", [choices("a", "a"), choices(1, "1"), [{"label": "A"}], ["a"], "a"]
)
def test_answers_must_be_told_apart(values):
    assert rules(component("radio", values=values)) == {"options"}


@pytest.mark.parametrize("text", ["{{1 +}}", "{{#if 1 +}}x{{/if}}", "{{#loop 1 +}}x{{/loop}}"])
def test_expressions_in_texts_are_checked(text):
    assert rules(component("text", text=text)) == {"expression"}


def test_an_expression_must_be_one():
    assert rules(component("expression", expression="1 + 1")) == {"expression"}


@pytest.mark.parametrize(
    ("first", "second"), [("a", "a"), ("a", "a.b"), ("a.b", "a"), ("a.b", "a.b")]
)
def test_answers_that_would_overwrite_each_other_are_found(first, second):
    fields = [component("textfield", "x", key=first), component("textfield", "y", key=second)]
    assert rules(*fields) == {"key-repeated"}


def test_the_same_key_in_another_group_is_another_answer():
    inner = [component("textfield", "x", key="a")], [component("textfield", "y", key="a")]
    groups = [component("group", name, components=c) for name, c in zip("gh", inner, strict=True)]
    assert rules(*groups) == set()


def test_a_list_must_not_take_the_key_of_a_field():
    rows = component("dynamiclist", "a", id="rows", components=[component("textfield", "b")])
    assert rules(component("textfield", "a"), rows) == {"key-repeated"}


def test_an_id_is_used_once():
    assert rules(component("textfield", "a"), component("text", "a")) == {"id-repeated"}


@pytest.mark.parametrize(
    ("overrides", "rule"),
    [
        ({"type": "other"}, "root"),
        ({"id": None}, "root"),
        ({"components": None}, "root"),
        ({"schemaVersion": 20}, "schema-version"),
        ({"schemaVersion": "19"}, "schema-version"),
    ],
)
def test_the_root_is_checked(overrides, rule):
    assert rules(**overrides) == {rule}


def test_a_form_nested_too_deeply_is_refused():
    inner = component("textfield", "a")
    for level in range(9):
        inner = component("group", f"g{level}", components=[inner])
    assert rules(inner) == {"depth"}


def test_a_form_with_too_many_components_is_refused():
    assert rules(*(component("textfield", f"a{n}") for n in range(501))) == {"size"}


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (b"{", "json"),
        (b"\xff", "json"),
        (b"[" * 100_000, "json"),
        (b'{"a": NaN}', "json"),
        (b"9" * 10_000, "json"),
        (b"[]", "root"),
        (b" " * 1_000_001, "size"),
    ],
)
def test_what_is_no_form_is_refused(made, rule):
    assert [finding.rule for finding in forms.check(made, "a.json")] == [rule]


def test_a_finding_names_file_component_and_line():
    made = json.dumps(schema(component("html", "bad")), indent=1).encode()
    finding = forms.check(made, "a.form.json")[0]
    assert (finding.file, finding.element_id) == ("a.form.json", "bad")
    assert b'"id": "bad"' in made.splitlines()[finding.line - 1]


def test_all_findings_are_reported_at_once():
    assert rules(component("html", "a"), component("radio", "b")) == {"type-refused", "options"}


def test_parsing_refuses_what_has_an_error():
    with pytest.raises(forms.FormDefinitionError) as caught:
        forms.parse(schema(component("html"), component("radio", "b")))
    assert [finding.rule for finding in caught.value.findings] == ["type-refused", "options"]


def test_parsing_lets_a_warning_pass():
    assert forms.parse(schema(component("textfield", label=None))).id == "claim"
