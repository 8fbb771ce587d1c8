"""Every type of field with a good answer, a bad one, none, and hidden."""

from dataclasses import dataclass, field

import pytest

from engine import clock
from tests.unit.forms.builders import MOMENT, choices, codes, component, submit


@dataclass
class Case:
    """Posted texts of one kind of field, with what becomes of them."""

    kind: str
    good: object
    value: object
    bad: object
    code: str
    empty: object
    missing: str = "required"
    settings: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)

    def component(self, **overrides):
        limits = {**self.limits, **overrides.pop("validate", {})}
        return component(self.kind, validate=limits, **self.settings, **overrides)


ANSWERS = {"values": choices("red", "blue")}
PAST = {"disallowPassedDates": True}
CASES = {
    "text": Case("textfield", " Ada\n", "Ada", "x" * 6, "text_max", "", limits={"maxLength": 5}),
    "short text": Case("textfield", "Ada", "Ada", " A ", "text_min", "", limits={"minLength": 2}),
    "pattern": Case(
        "textfield", "A1", "A1", "a1", "pattern", "", limits={"pattern": "^[A-Z][0-9]$"}
    ),
    "email": Case(
        "textfield", "a@EXAMPLE.org", "a@example.org", "a@b", "email", "",
        limits={"validationType": "email"},
    ),
    "phone": Case(
        "textfield", "0049 30 664040900", "+4930664040900", "12", "phone", "",
        limits={"validationType": "phone"},
    ),
    "lines": Case("textarea", "a\r\nb", "a\nb", "x" * 9, "text_max", "", limits={"maxLength": 8}),
    "number": Case("number", "12,50", 12.5, "abc", "number", None),
    "least": Case("number", "3", 3, "2.99", "number_min", None, limits={"min": 3}),
    "greatest": Case("number", "3", 3, "4", "number_max", None, limits={"max": "=1 + 2"}),
    "whole": Case("number", "3", 3, "3.5", "number_whole", None, settings={"decimalDigits": 0}),
    "cents": Case(
        "number", "0.30", 0.3, "0.301", "number_decimals", None, settings={"decimalDigits": 2}
    ),
    "step": Case("number", "0.3", 0.3, "0.35", "number_step", None, settings={"increment": 0.1}),
    "exact": Case(
        "number", "12345678901234567890.12", "12345678901234567890.12", "1e5", "number", None,
        settings={"serializeToString": True},
    ),
    "radio": Case("radio", "red", "red", "green", "option", None, "required_choice", ANSWERS),
    "select": Case("select", "blue", "blue", "Blue", "option", None, "required_choice", ANSWERS),
    "checklist": Case(
        "checklist", ["red", "blue"], ["red", "blue"], ["red", "x"], "option", [],
        "required_choice", ANSWERS,
    ),
    "taglist": Case(
        "taglist", ["blue", "blue"], ["blue"], ["x"], "option", [], "required_choice", ANSWERS
    ),
    "date": Case("datetime", "2026-05-04", "2026-05-04", "2026-02-30", "date", None),
    "coming date": Case(
        "datetime", "2026-05-04", "2026-05-04", "2026-05-03", "date_passed", None, settings=PAST
    ),
    "time": Case(
        "datetime", "14:30", "14:30+00:00", "25:00", "time", None, settings={"subtype": "time"}
    ),
    "moment": Case(
        "datetime", "2026-05-01T14:30", "2026-05-01T14:30+00:00", "2026-05-01T", "datetime", None,
        settings={"subtype": "datetime"},
    ),
    "file": Case("filepicker", "ref-1", ["ref-1"], ["a", "b"], "files", None, "required_file"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen_at(MOMENT):
        yield


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request):
    return request.param


def test_a_good_answer_is_accepted_as_its_value(case):
    submission = submit(case.component(), raw={"it": case.good})
    assert (submission.data, submission.errors) == ({"it": case.value}, {})


def test_a_bad_answer_is_refused_and_kept_for_correction(case):
    submission = submit(case.component(), raw={"it": case.bad})
    assert codes(submission) == {"it": case.code}
    assert submission.data == {"it": case.empty}
    assert submission.entered["it"] not in ("", None, [])


def test_no_answer_is_accepted_where_none_is_required(case):
    submission = submit(case.component(), raw={"it": ""})
    assert (submission.data, submission.errors) == ({"it": case.empty}, {})


def test_no_answer_is_refused_where_one_is_required(case):
    required = case.component(validate={"required": True})
    assert codes(submit(required, raw={"it": ""})) == {"it": case.missing}


def test_a_hidden_field_loses_its_value_and_is_not_checked(case):
    hidden = case.component(conditional={"hide": "=true"}, validate={"required": True})
    submission = submit(hidden, raw={"it": case.bad})
    assert (submission.data, submission.errors) == ({}, {})


def test_a_disabled_field_is_not_submitted(case):
    submission = submit(case.component(disabled=True), raw={"it": case.good})
    assert (submission.data, submission.errors) == ({}, {})


def test_a_readonly_field_keeps_what_is_known_of_it(case):
    readonly = case.component(readonly=True)
    submission = submit(readonly, raw={"it": case.bad}, context={"it": case.value})
    assert (submission.data, submission.errors) == ({"it": case.value}, {})


def test_every_error_has_an_english_text(case):
    error = submit(case.component(), raw={"it": case.bad}).errors["it"]
    assert error.text
    assert "%(" not in error.text


@pytest.mark.parametrize("text", ["true", "on", "1", "yes"])
def test_a_posted_checkbox_is_ticked(text):
    assert submit(component("checkbox"), raw={"it": text}).data == {"it": True}


@pytest.mark.parametrize("text", ["", "false", "off", "0"])
def test_a_checkbox_posted_empty_is_not_ticked(text):
    assert submit(component("checkbox"), raw={"it": text}).data == {"it": False}


def test_a_required_checkbox_must_be_ticked():
    required = component("checkbox", validate={"required": True})
    assert codes(submit(required, raw={})) == {"it": "required_checkbox"}


def test_an_expression_is_computed_whatever_is_posted():
    fee = component("expression", "fee", expression="=amount * 0.1", label=None)
    submission = submit(component("number", "amount"), fee, raw={"amount": "50", "fee": "1"})
    assert submission.data == {"amount": 50, "fee": 5}


def test_unknown_names_are_dropped():
    raw = {"it": "a", "other": "b", "__proto__.x": "c", "it.more": "d"}
    assert submit(component("textfield"), raw=raw).data == {"it": "a"}


@pytest.mark.parametrize("kind", ["text", "image", "table", "spacer", "separator", "button"])
def test_what_is_only_shown_takes_no_answer(kind):
    made = component(kind, columns=[{"key": "a", "label": "A"}], source="/a.png", alt="A")
    assert submit(made, raw={"it": "x"}).data == {}
