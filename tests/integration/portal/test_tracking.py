import re

import pytest
from sqlalchemy import select

from engine.cases import documents, numbers
from engine.execution import user_tasks
from engine.lifecycle import DocumentState
from engine.sla import delays
from engine.store import (
    Correspondence,
    Document,
    HistoryEvent,
    ServiceRequest,
    UserTask,
    transaction,
)


@pytest.fixture
def number(customer, sessions):
    """The number of a request that was sent."""
    customer.apply()
    with sessions() as session:
        return session.scalars(select(ServiceRequest.number)).one()


def skeleton(page: str) -> str:
    """A page without what is different at every visit: tokens and numbers typed."""
    return re.sub(r'value="[^"]*"|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]', "", page)


def decide(sessions, executive, **answers):
    with transaction(sessions) as session:
        task = session.scalars(select(UserTask).where(UserTask.completed_at.is_(None))).one()
        user_tasks.claim(session, task.id, executive)
        user_tasks.complete(session, task.id, executive, answers)


def test_the_answer_is_the_same_whether_or_not_the_number_exists(another, number):
    unknown = numbers.request_number()
    known_way = [another.post("/track", number=number), another.get("/track/code")]
    other_way = [another.post("/track", number=unknown), another.get("/track/code")]
    for known, other in zip(known_way, other_way, strict=True):
        assert (known.status_code, known.location) == (other.status_code, other.location)
        assert skeleton(known.text) == skeleton(other.text)


def test_a_wrong_code_is_answered_the_same_whether_or_not_the_number_exists(another, number):
    answers = []
    for tried in (number, numbers.request_number()):
        another.post("/track", number=tried)
        answers.append([another.post("/track/code", code="000000") for _ in range(6)])
    for known, other in zip(*answers, strict=True):
        assert known.status_code == other.status_code == 422
        assert skeleton(known.text) == skeleton(other.text)


def test_too_many_codes_are_answered_the_same_too(another, number):
    for tried in (number, numbers.request_number()):
        asked = {another.post("/track", number=tried).location for _ in range(7)}
        assert asked == {"/track/code"}


def test_nothing_is_sent_for_a_number_that_does_not_exist(another, number, sessions):
    with sessions() as session:
        before = len(session.scalars(select(Correspondence)).all())
    another.post("/track", number=numbers.request_number())
    with sessions() as session:
        assert len(session.scalars(select(Correspondence)).all()) == before


def test_a_mistyped_number_is_named_at_once(another):
    response = another.post("/track", number="7KQ4-M2ZX-Q")
    assert response.status_code == 422
    assert "This cannot be a request number" in response.text


def test_the_number_may_be_typed_in_any_way(another, number):
    typed = f" {number[:4].lower()} {number[4:]} "
    response = another.follow(typed)
    assert response.location == f"/track/{number}"


def test_the_right_code_opens_the_request_below_its_own_address(another, number):
    response = another.follow(number)
    cookie = response.headers["Set-Cookie"]
    assert f"Path=/track/{number}" in cookie
    assert "HttpOnly" in cookie
    page = another.get(f"/track/{number}")
    assert "We have received your request" in page.text
    assert "You sent your application." in page.text


def test_without_its_cookie_a_request_is_closed(another, number):
    response = another.get(f"/track/{number}")
    assert response.location == f"/track?number={number}"


def test_the_cookie_of_one_request_opens_no_other(another, customer, number, sessions):
    another.follow(number)
    token = another.client.get_cookie("tracking", path=f"/track/{number}").value
    customer.apply(email="other@example.org", phone="")
    with sessions() as session:
        held = select(ServiceRequest.number).where(ServiceRequest.number != number)
        theirs = session.scalars(held).one()
    another.client.set_cookie("tracking", token, path=f"/track/{theirs}")
    assert another.get(f"/track/{theirs}").location.startswith("/track?")


def test_a_code_for_a_draft_does_not_open_a_request(another, customer, number):
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    customer.agree()
    another.post("/track", number=number)
    customer.post("/draft/identity/code", contact="email")
    assert another.post("/track/code", code=customer.newest_code()).status_code == 422


def test_the_code_goes_to_the_confirmed_contact_not_to_a_stated_one(another, number, sessions):
    another.post("/track", number=number)
    newest = select(Correspondence).order_by(Correspondence.created_at.desc())
    with sessions() as session:
        sent = session.scalars(newest).first()
    assert (sent.channel, sent.address) == ("mail", "sample@example.org")


def test_the_status_page_tells_stage_and_whose_turn_it_is(another, number):
    another.follow(number)
    page = another.get(f"/track/{number}").text
    assert "We are checking your papers." in page
    assert "It is our turn" in page


def test_the_status_page_names_nobody_of_the_staff(another, number, executive, sessions):
    decide(sessions, executive, decision="more", items=["lease"], note="The lease is cut off.")
    another.follow(number)
    page = another.get(f"/track/{number}").text
    assert "We need something from you" in page
    assert "The lease is cut off." in page
    assert "executive" not in page


def test_a_document_that_was_not_accepted_is_told_with_its_reason(
    another, number, executive, sessions
):
    with transaction(sessions) as session:
        kept = session.scalars(select(Document).where(Document.item == "lease")).one()
        documents.review(session, kept.id, executive, DocumentState.REJECTED, "Too dark to read.")
    another.follow(number)
    page = another.get(f"/track/{number}").text
    assert "We could not accept a document: Lease." in page
    assert "Too dark to read." in page


def test_a_delay_is_told_with_reason_and_both_dates(another, number, sessions):
    with transaction(sessions) as session:
        request = session.scalars(select(ServiceRequest)).one()
        later = request.due_at.replace(year=2027)
        delays.declare(
            session, request.id, reason="backlog", text="So many.", due_at=later, by="x", key="k"
        )
    another.follow(number)
    page = another.get(f"/track/{number}").text
    for words in ("Many requests at once", "So many.", "2027", "First promised:"):
        assert words in page


def test_the_signed_application_can_be_fetched_and_nothing_else(another, number, sessions):
    another.follow(number)
    with sessions() as session:
        kept = {one.kind: one.id for one in session.scalars(select(Document))}
    base = f"/track/{number}/documents"
    response = another.get(f"{base}/{kept['application']}")
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert another.get(f"{base}/{kept['upload']}").status_code == 404


def test_leaving_closes_the_request_in_this_browser(another, number):
    another.follow(number)
    token = another.client.get_cookie("tracking", path=f"/track/{number}").value
    another.post(f"/track/{number}/leave")
    another.client.set_cookie("tracking", token, path=f"/track/{number}")
    assert another.get(f"/track/{number}").location.startswith("/track?")


def test_looking_is_no_event(another, number, sessions):
    another.follow(number)
    with sessions() as session:
        before = len(session.scalars(select(HistoryEvent)).all())
    another.get(f"/track/{number}")
    with sessions() as session:
        assert len(session.scalars(select(HistoryEvent)).all()) == before
