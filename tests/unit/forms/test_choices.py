"""Where the answers of a choice come from, and that none else is taken."""

import pytest

from tests.unit.forms.builders import choices, codes, component, submit

COMPUTED = component("select", valuesExpression="=for r in rooms return {label: r, value: r}")
CONTEXT = {"rooms": ["bath", "attic"], "people": [{"label": "Ada", "value": 7}]}


def test_a_computed_answer_is_accepted():
    assert submit(COMPUTED, raw={"it": "attic"}, context=CONTEXT).data == {"it": "attic"}


def test_an_answer_that_was_not_computed_is_refused():
    assert codes(submit(COMPUTED, raw={"it": "cellar"}, context=CONTEXT)) == {"it": "option"}


def test_answers_found_under_a_key_keep_their_type():
    people = component("radio", valuesKey="people")
    assert submit(people, raw={"it": "7"}, context=CONTEXT).data == {"it": 7}


def test_answers_may_be_computed_from_other_answers():
    sizes = component("checklist", valuesExpression="=if big then [10, 20] else [1, 2]")
    submission = submit(component("checkbox", "big"), sizes, raw={"big": "true", "it": ["10"]})
    assert submission.data == {"big": True, "it": [10]}


@pytest.mark.parametrize("value", [True, 3, 2.5, "x"])
def test_a_listed_answer_keeps_its_type(value):
    posted = {True: "true"}.get(value, str(value))
    chosen = submit(component("radio", values=choices(value)), raw={"it": posted}).data["it"]
    assert (chosen, type(chosen)) == (value, type(value))


@pytest.mark.parametrize("source", ["=null", "=1 +", '="text"', "=[null]", "=rooms.x"])
def test_a_source_without_answers_offers_none(source):
    odd = component("select", valuesExpression=source)
    assert codes(submit(odd, raw={"it": "a"}, context=CONTEXT)) == {"it": "option"}
