"""Groups and lists of rows: names, paths, and the buttons that work without JavaScript."""

import pytest

import forms
from tests.unit.forms.builders import codes, component, evaluate, form, submit

NAME = component("textfield", "name", validate={"required": True})
HAPPY = component("checkbox", "happy")
PERSONS = component(
    "dynamiclist", "persons", allowAddRemove=True, defaultRepetitions=1, components=[NAME, HAPPY]
)
FIXED = {**PERSONS, "allowAddRemove": False, "defaultRepetitions": 2}


@pytest.mark.parametrize("name", ["persons.0.name", "persons[0].name"])
def test_a_row_is_posted_with_points_or_brackets(name):
    submission = submit(PERSONS, raw={name: "Ada"})
    assert submission.data == {"persons": [{"name": "Ada", "happy": False}]}


def test_a_row_without_answers_counts_when_the_page_showed_it():
    submission = submit(PERSONS, raw={"persons._rows": "2", "persons.0.name": "Ada"})
    assert codes(submission) == {"persons.1.name": "required"}
    assert len(submission.data["persons"]) == 2


def test_a_list_may_have_no_rows():
    assert submit(PERSONS, raw={"persons._rows": "0"}).data == {"persons": []}


def test_a_list_of_fixed_length_keeps_it_whatever_is_posted():
    submission = submit(FIXED, raw={"persons._rows": "0"})
    assert codes(submission) == {"persons.0.name": "required", "persons.1.name": "required"}


def test_a_list_of_fixed_length_is_as_long_as_what_is_known():
    known = {"persons": [{"name": "Ada"}, {"name": "Bo"}, {"name": "Cy"}]}
    assert len(submit(FIXED, context=known).data["persons"]) == 3


def test_too_many_rows_are_refused():
    assert codes(submit(PERSONS, raw={"persons._rows": "101"}))["persons"] == "rows"


def test_expressions_in_a_row_see_the_row():
    sum_ = component("expression", "sum", expression="=this.price * 2 + i[1] + parent.extra")
    price = component("number", "price")
    rows = component("dynamiclist", "rows", allowAddRemove=True, components=[price, sum_])
    raw = {"rows.0.price": "1", "rows.1.price": "5", "extra": "100"}
    data = submit(rows, component("number", "extra"), raw=raw).data
    assert [row["sum"] for row in data["rows"]] == [103, 112]


def test_a_condition_in_a_row_decides_for_this_row_alone():
    shy = {**NAME, "conditional": {"hide": "=not(this.happy)"}}
    rows = {**PERSONS, "components": [shy, HAPPY]}
    raw = {"persons._rows": "2", "persons.1.happy": "true", "persons.1.name": "Bo"}
    assert submit(rows, raw=raw).data["persons"] == [
        {"happy": False},
        {"name": "Bo", "happy": True},
    ]


def test_a_list_may_stand_in_a_list():
    inner = component("dynamiclist", "pets", allowAddRemove=True, components=[NAME])
    rows = component("dynamiclist", "owners", allowAddRemove=True, components=[inner])
    submission = submit(rows, raw={"owners[1].pets[0].name": "Rex"})
    assert submission.data["owners"][1] == {"pets": [{"name": "Rex"}]}


def test_a_group_with_a_path_nests_its_answers():
    iban = component("textfield", "iban")
    submission = submit(component("group", "bank", components=[iban]), raw={"bank.iban": "DE"})
    assert submission.data == {"bank": {"iban": "DE"}}


def test_a_group_without_a_path_does_not():
    plain = component("group", "bank", path=None, components=[component("textfield", "iban")])
    assert submit(plain, raw={"iban": "DE"}).data == {"iban": "DE"}


def test_a_key_with_points_nests_its_answer():
    street = component("textfield", "street", key="address.street")
    assert submit(street, raw={"address.street": "A"}).data == {"address": {"street": "A"}}


def act(raw, *components):
    return forms.apply_action(form(*(components or (PERSONS,))), raw)


def test_add_makes_one_row_more():
    raw = act({"_add": ["persons"], "persons._rows": ["1"], "persons.0.name": ["Ada"]})
    assert raw == {"persons._rows": ["2"], "persons.0.name": ["Ada"]}


def test_delete_moves_the_rows_behind_up():
    names = {f"persons.{n}.name": [name] for n, name in enumerate("abc")}
    raw = act({"_del": ["persons.1"], "persons._rows": ["3"], **names})
    assert raw == {
        "persons._rows": ["2"],
        "persons.0.name": ["a"],
        "persons.1.name": ["c"],
    }


def test_rows_of_a_list_in_a_list_can_be_added():
    inner = component("dynamiclist", "pets", allowAddRemove=True, components=[NAME])
    rows = component("dynamiclist", "owners", components=[inner])
    assert act({"_add": ["owners.0.pets"]}, rows) == {"owners.0.pets._rows": ["1"]}


@pytest.mark.parametrize(
    "button",
    [
        {"_add": ["nobody"]},
        {"_add": [""]},
        {"_add": []},
        {"_add": ["persons.0"]},
        {"_del": ["persons"]},
        {"_del": ["persons.7"]},
        {"_del": ["persons.-1"]},
        {"_del": ["persons.²"]},
        {"_refresh": ["1"]},
    ],
)
def test_a_button_that_means_nothing_changes_nothing(button):
    raw = {"persons._rows": ["1"], "persons.0.name": ["Ada"]}
    assert act({**button, **raw}) == raw


def test_a_list_of_fixed_length_has_no_rows_to_add():
    assert act({"_add": ["persons"]}, FIXED) == {}


def test_a_full_list_takes_no_more_rows():
    raw = {"persons._rows": ["100"]}
    assert act({"_add": ["persons"], **raw}) == raw


@pytest.mark.parametrize("name", ["_add", "_del", "_refresh"])
def test_the_buttons_are_told_from_sending(name):
    assert forms.is_action({name: ["x"]})
    assert not forms.is_action({"persons.0.name": ["_add"]})


def test_an_added_row_is_shown():
    raw = act({"_add": ["persons"], "persons._rows": ["1"], "persons.0.name": ["Ada"]})
    entered = forms.validate(form(PERSONS), raw, evaluate).entered
    shown = forms.view(form(PERSONS), entered, {}, evaluate).rows[0].fields[0]
    assert [entry.name for entry in shown.entries] == ["persons.0", "persons.1"]
