"""Forms of a hostile bundle: their expressions may not keep a page busy for minutes."""

import time
from collections.abc import Iterator

import pytest

import forms
from forms import scope

STEP = 0.25  # seconds that an expression takes by the clock of these tests


@pytest.fixture
def asked(monkeypatch) -> Iterator[list[str]]:
    """The expressions that were evaluated, each of them slow."""
    moment = iter(range(10**6))
    monkeypatch.setattr(scope.time, "monotonic", lambda: next(moment) * STEP)
    return []


def slow(asked):
    def evaluate(text, _context):
        asked.append(text)

    return evaluate


def form():
    fields = [
        {
            "type": "textfield",
            "id": f"f{number}",
            "key": f"f{number}",
            "label": f"=label{number}",
            "conditional": {"hide": f"=hidden{number}"},
        }
        for number in range(200)
    ]
    return forms.parse({"type": "default", "id": "f", "schemaVersion": 19, "components": fields})


def test_a_slow_form_is_shown_without_the_rest_of_its_expressions(asked):
    forms.view(form(), {}, {}, slow(asked))
    assert len(asked) == scope.EXPRESSION_TIME.total_seconds() / STEP + 1


def test_answers_to_a_slow_form_are_kept_and_not_accepted(asked):
    submission = forms.validate(form(), {"f1": ["typed"]}, slow(asked))
    assert submission.errors[""].code == "too_large"
    assert submission.entered["f1"] == "typed"
    assert len(asked) < 30


def test_answers_of_a_slow_form_are_read_back_in_time(asked):
    forms.answers(form(), {"f1": "typed"}, slow(asked))
    assert len(asked) < 30


def test_a_form_in_time_is_not_hurried():
    began = time.monotonic()
    submission = forms.validate(form(), {"f1": ["typed"]}, lambda _text, _context: None)
    assert submission.errors == {}
    assert time.monotonic() > began
