"""What is asked follows from the answers."""

from tests.unit.forms.builders import choices, codes, component, shown, submit

KIND = component("select", "kind", values=choices("water", "other"))
WHICH = component(
    "textfield", "which", conditional={"hide": '=kind != "other"'}, validate={"required": True}
)
WHY = component("textfield", "why", conditional={"hide": '=which != "storm"'})


def test_a_question_that_does_not_arise_is_not_asked():
    submission = submit(KIND, WHICH, raw={"kind": "water", "which": "storm"})
    assert (submission.data, codes(submission)) == ({"kind": "water"}, {})


def test_a_question_that_arises_is_asked():
    assert codes(submit(KIND, WHICH, raw={"kind": "other"})) == {"which": "required"}


def test_what_follows_from_a_hidden_answer_is_hidden_too():
    submission = submit(KIND, WHICH, WHY, raw={"kind": "water", "which": "storm", "why": "x"})
    assert submission.data == {"kind": "water"}


def test_a_condition_that_yields_no_truth_hides_nothing():
    doubtful = component("textfield", conditional={"hide": "=unknown > 3"})
    assert submit(doubtful, raw={"it": "a"}).data == {"it": "a"}


def test_a_condition_that_cannot_be_evaluated_hides_nothing():
    broken = component("textfield", conditional={"hide": "=1 +"})
    assert submit(broken, raw={"it": "a"}).data == {"it": "a"}


def test_the_fields_of_a_hidden_group_are_hidden():
    inner = component("textfield", "iban", validate={"required": True})
    group = component("group", "bank", conditional={"hide": "=true"}, components=[inner])
    submission = submit(group, raw={"bank.iban": "DE"})
    assert (submission.data, codes(submission)) == ({}, {})


def test_the_rows_of_a_hidden_list_are_dropped():
    inner = component("textfield", "name", validate={"required": True})
    rows = component("dynamiclist", "items", conditional={"hide": "=true"}, components=[inner])
    assert submit(rows, raw={"items.0.name": "a"}).data == {}


def test_conditions_see_what_is_known_of_the_case():
    known = component("textfield", conditional={"hide": "=customer.age < 18"})
    submission = submit(known, raw={"it": "a"}, context={"customer": {"age": 17}})
    assert submission.data == {}


def test_conditions_that_contradict_each_other_come_to_an_end():
    first = component("checkbox", "a", conditional={"hide": "=b = false"}, defaultValue=True)
    second = component("checkbox", "b", conditional={"hide": "=a = true"}, defaultValue=True)
    assert submit(first, second).errors == {}


def test_expressions_that_feed_each_other_come_to_an_end():
    count = component("expression", "n", expression="=if n = null then 1 else n + 1")
    assert submit(count).data["n"] <= 11


def test_a_condition_may_follow_from_an_expression():
    total = component("expression", "total", expression="=price * 2")
    why = component("textfield", "why", conditional={"hide": "=not(total > 100)"})
    submission = submit(component("number", "price"), total, why, raw={"price": "51", "why": "x"})
    assert submission.data == {"price": 51, "total": 102, "why": "x"}


def test_readonly_may_depend_on_an_answer():
    locked = component("textfield", "name", readonly="=lock = true")
    raw = {"lock": "true", "name": "changed"}
    submission = submit(component("checkbox", "lock"), locked, raw=raw, context={"name": "kept"})
    assert submission.data["name"] == "kept"


def test_a_field_that_was_not_on_the_page_has_its_default():
    assert submit(component("textfield", defaultValue="Ada")).data == {"it": "Ada"}


def test_a_field_that_was_emptied_stays_empty():
    assert submit(component("textfield", defaultValue="Ada"), raw={"it": ""}).data == {"it": ""}


def test_a_question_that_arises_later_has_its_default():
    why = component("textfield", "why", defaultValue="storm", conditional={"hide": "=not(ask)"})
    entered = submit(component("checkbox", "ask"), why).entered
    assert entered == {"ask": False}
    arisen = submit(component("checkbox", "ask"), why, raw={"ask": "true"}, context=entered)
    assert arisen.data == {"ask": True, "why": "storm"}


def test_what_is_known_but_wrong_is_refused_as_if_it_had_been_posted():
    submission = submit(component("number"), context={"it": "many"})
    assert (codes(submission), submission.entered) == ({"it": "number"}, {"it": "many"})


def test_what_was_entered_and_refused_is_shown_again():
    number = component("number")
    entered = submit(number, raw={"it": "many"}).entered
    assert shown(number, data=entered).value == "many"
