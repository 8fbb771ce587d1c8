"""Pauses and contacts as customers read them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from engine.cases import customers
from engine.cases.drafts import missing
from engine.definitions.request_types import ChecklistItem
from web.portal import wording


@pytest.fixture
def page() -> Iterator[None]:
    app = Flask("portal_words")
    Babel(app)
    with app.test_request_context():
        yield


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
