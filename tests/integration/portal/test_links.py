"""Bearer links: resume, supply, feedback, proof."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.cases import documents, links
from engine.cases.links import Purpose
from engine.store import (
    Correspondence,
    Document,
    Draft,
    Feedback,
    HistoryEvent,
    Message,
    ServiceRequest,
    UserTask,
    transaction,
)
from tests.integration.portal.browser import photo
from tests.integration.portal.test_tracking import decide

DAY = timedelta(days=1)


@pytest.fixture
def request_id(customer, sessions):
    customer.apply()
    with sessions() as session:
        return session.scalars(select(ServiceRequest.id)).one()


@pytest.fixture
def link(sessions):
    def issue(purpose, subject):
        with transaction(sessions) as session:
            return links.path(purpose, links.issue(session, purpose, subject, DAY))

    return issue


@pytest.fixture
def asked(request_id, executive, sessions):
    """A request that waits for its customer."""
    decide(sessions, executive, decision="more", items=["lease", "other"], note="Too dark.")
    return request_id


def count(sessions, table):
    with sessions() as session:
        return len(session.scalars(select(table)).all())


def send(customer, **form):
    file = (io.BytesIO(photo("red")), "new.jpg")
    return customer.client.post("/supply", data={"file.lease": file, **form})


def test_the_mailed_link_opens_the_draft_in_another_browser(customer, another, sessions):
    customer.begin()
    customer.fill_in()
    customer.post("/draft/later", email="sample@example.org")
    with sessions() as session:
        body = session.scalars(select(Correspondence.body)).one()
    path = re.search(r"/resume/\S+", body)[0]
    assert "Go on with your application" in another.get(path).text
    assert another.post(path).location == "/draft"
    assert another.get("/draft").location == "/draft/documents"


def test_opening_a_link_changes_nothing_and_sets_no_cookie(customer, another, sessions, link):
    customer.begin()
    with sessions() as session:
        draft_id = session.scalars(select(Draft.id)).one()
    response = another.get(link(Purpose.RESUME, draft_id))
    assert "draft=" not in str(response.headers)
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_link_goes_nowhere_without_an_address(customer, sessions):
    customer.begin()
    assert customer.post("/draft/later", email="nobody").status_code == 422
    assert count(sessions, Correspondence) == 0


@pytest.mark.parametrize("purpose", ["resume", "supply", "feedback", "proof"])
def test_a_link_that_is_nothing_says_so(customer, purpose):
    for response in (customer.get(f"/{purpose}/{'A' * 43}"), customer.post(f"/{purpose}/x")):
        assert response.status_code == 404
        assert "This link does not work any more" in response.text


@pytest.mark.parametrize("purpose", ["supply", "feedback", "proof"])
def test_a_link_opens_nothing_but_its_purpose(another, request_id, link, purpose):
    token = link(Purpose.RESUME, request_id).rpartition("/")[2]
    assert another.get(f"/{purpose}/{token}").status_code == 404


def test_a_resume_link_is_worth_nothing_once_the_application_was_sent(
    another, customer, sessions, link
):
    customer.apply()
    with sessions() as session:
        draft_id = session.scalars(select(Draft.id)).one()
    assert another.post(link(Purpose.RESUME, draft_id)).status_code == 404


def test_the_supply_page_names_what_is_asked_and_why(another, asked, link):
    path = link(Purpose.SUPPLY, asked)
    assert "Lease" not in another.get(path).text
    assert another.post(path).location == "/supply"
    page = another.get("/supply").text
    for words in ("Lease", "Other", "Too dark.", "PDF, JPEG, PNG; up to 195 kB each"):
        assert words in page


def test_supplied_documents_let_the_case_go_on(another, asked, link, sessions):
    another.post(link(Purpose.SUPPLY, asked))
    assert send(another, comment="Here it is.").location == "/supply/thanks"
    assert another.get("/supply/thanks").status_code == 200
    with sessions() as session:
        open_tasks = select(UserTask).where(UserTask.completed_at.is_(None))
        assert session.scalars(open_tasks).one().element_id == "Check"
        kind = documents.Kind.ATTACHMENT
        kept = session.scalars(select(Document).where(Document.kind == kind)).one()
        assert (kept.item, kept.service_request_id) == ("lease", asked)
        told = select(HistoryEvent).where(HistoryEvent.kind == "documents.supplied")
        assert session.scalars(told).one().data["comment"] == "Here it is."


def test_supplying_twice_changes_nothing(another, asked, link, sessions):
    another.post(link(Purpose.SUPPLY, asked))
    number = re.search(r'name="form" value="([^"]+)"', another.get("/supply").text)[1]
    assert send(another, form=number).location == "/supply/thanks"
    again = send(another, form=number)
    assert again.status_code in {303, 422}
    assert count(sessions, Message) == 1


def test_a_refused_file_leaves_the_case_waiting(another, asked, link, sessions):
    another.post(link(Purpose.SUPPLY, asked))
    file = (io.BytesIO(b"MZ nothing"), "bad.exe")
    response = another.client.post("/supply", data={"file.lease": file, "comment": "Hello"})
    assert response.status_code == 422
    assert "bad.exe" in response.text
    assert "Hello" in response.text
    assert count(sessions, Message) == 0


def test_sending_nothing_is_refused(another, asked, link):
    another.post(link(Purpose.SUPPLY, asked))
    response = another.post("/supply", comment=" ")
    assert response.status_code == 422
    assert "Add a document, or tell us" in response.text


def test_where_nothing_is_awaited_the_page_says_so(another, request_id, link):
    another.post(link(Purpose.SUPPLY, request_id))
    assert "Nothing is missing" in another.get("/supply").text


def test_without_cookie_the_supply_page_is_closed(another, asked):
    assert another.get("/supply").status_code == 404
    assert send(another).status_code == 404


def test_supplying_starts_from_the_status_page_too(another, asked, sessions):
    with sessions() as session:
        number = session.get(ServiceRequest, asked).number
    another.follow(number)
    assert "What we need from you" in another.get(f"/track/{number}").text
    assert another.post(f"/track/{number}/supply").location == "/supply"
    assert "Too dark." in another.get("/supply").text


def test_feedback_is_given_once(another, request_id, link, sessions):
    path = link(Purpose.FEEDBACK, request_id)
    assert "How did we do?" in another.get(path).text
    assert another.post(path, rating="4", comment="Fine.").location == "/feedback/thanks"
    assert another.post(path, rating="1").location == "/feedback/thanks"
    assert another.get(path).location == "/feedback/thanks"
    with sessions() as session:
        given = session.scalars(select(Feedback)).one()
    assert (given.rating, given.comment) == (4, "Fine.")


@pytest.mark.parametrize("rating", ["", "0", "6", "4.5", "x"])
def test_feedback_needs_one_of_the_ratings(another, request_id, link, sessions, rating):
    response = another.post(link(Purpose.FEEDBACK, request_id), rating=rating, comment="Hm.")
    assert response.status_code == 422
    assert "Hm." in response.text
    assert count(sessions, Feedback) == 0


def test_the_proof_link_brings_the_proof(another, request_id, link, sessions):
    with transaction(sessions) as session:
        documents.store(
            session,
            b"%PDF-sealed",
            kind=documents.Kind.PROOF,
            name="statement.pdf",
            media_type="application/pdf",
            request_id=request_id,
        )
    path = link(Purpose.PROOF, request_id)
    assert b"%PDF-sealed" not in another.get(path).data
    response = another.post(path)
    assert response.data == b"%PDF-sealed"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"


def test_without_a_proof_its_link_opens_nothing(another, request_id, link):
    assert another.get(link(Purpose.PROOF, request_id)).status_code == 404
