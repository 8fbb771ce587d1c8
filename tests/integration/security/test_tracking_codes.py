"""Strangers who know the number of a request: what they can do to its customer."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import numbers
from engine.store import ServiceRequest
from web.pacing import Pace
from web.portal import tracking


@pytest.fixture
def number(customer, sessions):
    customer.apply()
    with sessions() as session:
        return session.scalars(select(ServiceRequest.number)).one()


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_strangers_wrong_tries_leave_the_customers_code_good(customer, another, number):
    customer.post("/track", number=number)
    code = customer.newest_code()
    another.post("/track", number=number)
    for _ in range(5):
        assert another.post("/track/code", code=wrong(code)).status_code == 422
    assert customer.post("/track/code", code=code).location == f"/track/{number}"


def test_a_code_opens_nothing_in_a_browser_that_did_not_ask_for_it(customer, another, number):
    another.post("/track", number=number)
    customer.post("/track", number=number)
    theirs = customer.newest_code()
    assert another.post("/track/code", code=theirs).status_code == 422


def test_a_fresh_session_buys_no_further_tries_without_a_further_code(customer, app, number):
    """Five codes an hour to an address, five tries each: that is all, whoever asks."""
    sent = set()
    for _ in range(8):
        stranger = type(customer)(app.test_client(), customer.newest_code)
        stranger.post("/track", number=number)
        sent.add(customer.newest_code())
    assert len(sent) <= 5


def test_a_code_is_good_once(customer, another, number):
    assert customer.follow(number).location == f"/track/{number}"
    code = customer.newest_code()
    customer.post(f"/track/{number}/leave")
    with customer.client.session_transaction() as session:
        session["tracking_number"] = number
    assert customer.post("/track/code", code=code).status_code == 422


def test_a_tracking_cookie_ends_after_an_hour_on_the_server_too(customer, another, number):
    customer.follow(number)
    address = f"/track/{number}"
    cookie = customer.client.get_cookie("tracking", path=address).value
    another.client.set_cookie("tracking", cookie, path=address)
    assert another.get(address).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(hours=1, seconds=1)):
        assert another.get(address).status_code == 303


def test_a_tracking_cookie_opens_no_other_request(customer, another, sessions, number):
    another.apply(email="other@example.org", phone="+91 98400 99999")
    with sessions() as session:
        both = session.scalars(select(ServiceRequest.number)).all()
    (foreign,) = set(both) - {number}
    customer.follow(number)
    cookie = customer.client.get_cookie("tracking", path=f"/track/{number}").value
    customer.client.set_cookie("tracking", cookie, path="/")
    for path in ("", "/supply", "/leave"):
        verb = customer.post if path else customer.get
        assert verb(f"/track/{foreign}{path}").location.startswith("/track")
    assert customer.get(f"/track/{foreign}").status_code == 303


@pytest.fixture
def paced(monkeypatch, database_engine):
    """The waits that answers are put off by, each with the connections held meanwhile."""
    waits = []

    def wait(seconds):
        waits.append((round(seconds, 3), database_engine.pool.checkedout()))

    pace = Pace(timedelta(milliseconds=250), BoundedSemaphore(1), lambda: 0.0, wait)
    monkeypatch.setattr(tracking, "PACE", pace)
    return waits


def test_known_and_unknown_numbers_wait_alike_and_hold_no_connection(
    customer, another, paced, number
):
    customer.post("/track", number=number)
    another.post("/track", number=numbers.request_number())
    assert paced == [(0.25, 0), (0.25, 0)]


def test_who_asks_when_too_many_wait_keeps_the_number_they_typed(customer, paced, number):
    with tracking.PACE.kept():
        answer = customer.post("/track", number=number)
    assert answer.status_code == 503
    assert number in answer.text
    assert "try again in a few seconds" in answer.text
