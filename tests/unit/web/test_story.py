"""The history in sentences."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from engine.store import HistoryEvent
from web.inbox import story

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def speaking():
    app = Flask("story")
    Babel(app)
    with app.test_request_context():
        yield


def fact(number, kind, *, actor="executive", element=None, at=NOON, **data):
    return HistoryEvent(
        id=number, kind=kind, actor=actor, element_id=element, data=data, occurred_at=at
    )


def texts(*facts):
    return [line.text for line in story.lines(facts, {"Verify": "Verify the documents"})]


def test_a_task_is_named_as_the_diagram_names_it():
    assert texts(fact(1, "user_task.claimed", element="Verify")) == ["Took “Verify the documents”"]


def test_steps_of_the_diagram_are_left_to_its_list():
    assert texts(fact(1, "element.completed", element="Verify"), fact(2, "timer.triggered")) == []


def test_work_that_was_dropped_is_told_and_other_dropped_steps_are_not():
    dropped = fact(1, "element.cancelled", element="Verify", type="userTask")
    timer = fact(2, "element.cancelled", element="Due", type="boundaryEvent")
    assert texts(dropped, timer) == ["No longer needed: “Verify the documents”"]


def test_looking_at_a_document_again_is_told_once_a_day():
    looks = [fact(n, "document.read", document="d", name="bill.pdf") for n in (1, 2)]
    tomorrow = fact(3, "document.read", document="d", name="bill.pdf", at=NOON + timedelta(days=1))
    assert texts(*looks, tomorrow) == ["Looked at bill.pdf"] * 2


def test_a_document_is_named_as_the_checklist_names_it():
    accepted = fact(1, "document.accepted", item="bill")
    (line,) = story.lines([accepted], {"bill": "Proof of the address"})
    assert line.text == "Accepted Proof of the address"


def test_a_message_is_told_by_its_template_read_aloud():
    sent = fact(1, "correspondence.sent", template="documents_needed", channel="sms")
    assert texts(sent) == ["Message sent: Documents needed by SMS"]


def test_a_fact_nobody_has_worded_is_still_told():
    assert texts(fact(1, "request.blessed")) == ["Request blessed"]


def test_a_sentence_whose_facts_are_missing_is_still_said():
    assert texts(fact(1, "request.escalated", level=2, group="managers")) == [
        "Escalated to level 2, Managers"
    ]
    assert texts(fact(1, "request.escalated")) == ["Escalated to level , "]


def test_the_system_and_the_customer_have_names():
    lines = story.lines([fact(1, "a.b", actor="system"), fact(2, "a.b", actor="customer")], {})
    assert [line.actor for line in lines] == ["System", "Customer"]
