"""What colleagues read must not let them act in a customer's place."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.cases import correspondence, links
from engine.cases.links import Purpose
from engine.lifecycle import CorrespondenceState
from engine.people.roles import Role
from engine.store import Correspondence, ServiceRequest, transaction
from web import outgoing

QUEUED, SENT, FAILED = (
    CorrespondenceState.QUEUED,
    CorrespondenceState.SENT,
    CorrespondenceState.FAILED,
)


@pytest.fixture
def request_row(customer, sessions):
    customer.apply()
    with sessions() as session:
        return session.scalars(select(ServiceRequest)).one()


@pytest.fixture
def token(request_row, sessions):
    """The token in a message about the request, and the message's id."""
    with transaction(sessions) as session:
        token = links.issue(session, Purpose.PROOF, request_row.id, timedelta(days=1))
        correspondence.queue(
            session,
            key="proof",
            channel="mail",
            address="sample@example.org",
            template="completed",
            locale="en",
            body=f"Fetch it: http://localhost/proof/{token}",
            request_id=request_row.id,
        )
    return token


def stands(sessions, **values):
    """Let the message about the proof stand like this; returns its id."""
    mine = Correspondence.idempotency_key == "proof"
    with transaction(sessions) as session:
        session.execute(update(Correspondence).where(mine).values(**values))
        return session.scalars(select(Correspondence.id).where(mine)).one()


@pytest.mark.parametrize("state", [QUEUED, FAILED])
def test_the_outbox_shows_no_link_that_was_not_sent(signed_in, sessions, token, state):
    message = stands(sessions, state=state)
    page = signed_in(Role.OPERATOR).get(f"/operations/outbox/{message}")
    assert page.status_code == 200
    assert token not in page.text


@pytest.mark.parametrize("state", [QUEUED, FAILED])
def test_the_page_of_a_case_shows_no_link_that_was_not_sent(
    signed_in, sessions, token, request_row, state
):
    stands(sessions, state=state)
    page = signed_in(Role.EXECUTIVE).get(f"/inbox/requests/{request_row.number}")
    assert "Fetch it" in page.text
    assert token not in page.text


@pytest.mark.parametrize(("carrier", "shown"), [("simulator", True), ("smtp", False)])
def test_a_demo_shows_whole_what_left_it_by_no_real_channel(
    signed_in, sessions, token, carrier, shown
):
    message = stands(sessions, state=SENT, carrier=carrier)
    page = signed_in(Role.OPERATOR).get(f"/operations/outbox/{message}").text
    assert (token in page) is shown


def test_what_a_demo_kept_is_masked_once_it_is_no_demo(signed_in, sessions, token, monkeypatch):
    message = stands(sessions, state=SENT, carrier="simulator")
    monkeypatch.setattr(outgoing, "is_open", lambda _message: False)
    assert token not in signed_in(Role.OPERATOR).get(f"/operations/outbox/{message}").text
