"""Durations, values and contacts as customers read them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from engine.cases import customers
from engine.cases.drafts import missing
from engine.definitions.request_types import ChecklistItem
from web.portal import questions, wording


@pytest.fixture
def page() -> Iterator[None]:
    app = Flask("portal_words")
    Babel(app)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=5), "5 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=14), "14 days"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=4), "4 hours"),
    ],
)
def test_a_promise_is_told_in_whole_days_or_hours(page, length, words):
    assert wording.duration(length) == words


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("date", "2026-12-01", "1 December 2026"),
        ("number", "1234567.5", "1,234,567.5"),
        ("boolean", True, "Yes"),
        ("boolean", False, "No"),
        ("text", "<b>", "<b>"),
        ("date", "yesterday", "yesterday"),
        ("number", "a lot", "a lot"),
    ],
)
def test_values_are_written_for_people(page, kind, value, text):
    assert questions.written(kind, value) == text


def test_pauses_are_sentences(page):
    assert wording.pauses(["waiting_for_customer"]) == [
        "The time stands still while we wait for something from you."
    ]
    assert wording.pauses(None) == []


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("email", "  Sample@Example.ORG ", "sample@example.org"),
        ("phone", "+91 98400-12345", "+919840012345"),
    ],
)
def test_contacts_are_compared_in_one_form(kind, value, kept):
    assert customers.normalised(kind, value) == kept


def test_an_optional_item_is_never_missing():
    assert missing([ChecklistItem("letter", required=False)], []) == []
