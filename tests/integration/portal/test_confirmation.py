"""The customer's yes or no, and complaints about a request."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.cases import links
from engine.cases.links import Purpose
from engine.definitions import bundles
from engine.store import Draft, HistoryEvent, Message, ServiceRequest, transaction
from tests import builders
from tests.integration.tasks.test_complaint import FOLDER, STATED
from web.portal import confirmation


@pytest.fixture
def link(app, sessions):
    """The link of a complaint, with nobody waiting for its answer yet."""
    with transaction(sessions) as session:
        request_type = bundles.deploy_folder(session, FOLDER)
        draft = builders.ready_draft(session, request_type, **STATED)
        case = builders.submitted(session, draft)
        token = links.issue(session, Purpose.CONFIRM, case.id, timedelta(days=1))
    return links.path(Purpose.CONFIRM, token)


@pytest.fixture
def asking(link, monkeypatch):
    """The link while the case waits for its answer."""
    monkeypatch.setattr(confirmation.messages, "is_awaited", lambda *_: True)
    return link


@pytest.fixture
def visitor(app):
    return app.test_client()


def count(sessions, table):
    with sessions() as session:
        return len(session.scalars(select(table)).all())


def test_the_link_asks_and_changes_nothing(visitor, asking, sessions):
    page = visitor.get(asking)
    assert page.status_code == 200
    assert "Is it right now?" in page.text
    assert count(sessions, Message) == 0


@pytest.mark.parametrize(("given", "satisfied"), [("yes", True), ("no", False)])
def test_the_answer_reaches_the_case_with_its_words(visitor, asking, sessions, given, satisfied):
    visitor.post(asking, data={"answer": given, "comment": "Still billed twice."})
    with sessions() as session:
        message = session.scalars(select(Message)).one()
        told = select(HistoryEvent).where(HistoryEvent.kind == "satisfaction.stated")
        assert session.scalars(told).one().data["comment"] == "Still billed twice."
    assert message.payload == {"satisfied": satisfied, "comment": "Still billed twice."}


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Choose an answer."),
        ({"answer": "perhaps"}, "Choose an answer."),
        ({"answer": "no"}, "Tell us what is still wrong"),
        ({"answer": "yes", "comment": "x" * 2001}, "at most 2000"),
    ],
)
def test_an_answer_that_will_not_do_is_refused(visitor, asking, sessions, form, says):
    page = visitor.post(asking, data=form)
    assert page.status_code == 422
    assert says in page.text
    assert count(sessions, Message) == 0


def test_an_answer_that_nobody_waits_for_changes_nothing(visitor, link, sessions):
    assert "do not wait for an answer any more" in visitor.get(link).text
    assert visitor.post(link, data={"answer": "yes"}).status_code == 200
    assert count(sessions, Message) == 0


def test_a_guessed_link_opens_nothing(visitor, link):
    assert visitor.get("/confirm/" + "x" * 43).status_code == 404
    assert visitor.post("/confirm/" + "x" * 43, data={"answer": "yes"}).status_code == 404


def test_nobody_begins_a_complaint_about_a_request_they_do_not_follow(visitor, link, sessions):
    with sessions() as session:
        number = session.scalar(select(ServiceRequest.number))
    before = count(sessions, Draft)
    answer = visitor.post(f"/track/{number}/about/complaint")
    assert answer.location.startswith("/track?")
    assert count(sessions, Draft) == before


@pytest.fixture
def rated(app, sessions, link):
    """The feedback link of an address change, beside a complaint that is offered."""
    with transaction(sessions) as session:
        case = builders.submitted(session)
        token = links.issue(session, Purpose.FEEDBACK, case.id, timedelta(days=1))
    return case, links.path(Purpose.FEEDBACK, token)


def test_a_complaint_begins_from_the_feedback_link_and_knows_its_request(visitor, rated, sessions):
    case, address = rated
    assert "Complaint about this request" in visitor.get(address).text
    assert visitor.post(f"{address}/about/complaint").location == "/draft/form"
    with sessions() as session:
        about = select(Draft).where(Draft.about_request_id == case.id)
        draft = session.scalars(about).one()
    assert draft.answers["about_number"].replace("-", "") == case.number


def test_only_what_is_meant_for_it_is_asked_for_about_a_request(visitor, rated):
    assert visitor.post(f"{rated[1]}/about/address_change").status_code == 404
    assert visitor.post("/feedback/" + "x" * 43 + "/about/complaint").status_code == 404
