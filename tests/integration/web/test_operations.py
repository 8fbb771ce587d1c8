"""The outbox and the health of the installation."""

import pytest
from sqlalchemy import text

from engine.cases import correspondence
from engine.people.roles import Role
from engine.store import Correspondence, transaction
from tasks import beat


@pytest.fixture
def operator(signed_in):
    return signed_in(Role.OPERATOR)


def queued(sessions, key="k", **given):
    message = {
        "channel": "sms",
        "address": "+919876543210",
        "template": "one_time_code",
        "locale": "en",
        "body": "482913 is your code",
    }
    with transaction(sessions) as session:
        return correspondence.queue(session, key=key, **{**message, **given})


def test_the_outbox_shows_the_newest_message_first_and_pages_by_key(operator, sessions):
    for number in range(30):
        queued(sessions, key=f"k{number}", subject=f"Message {number:02}")
    first = operator.get("/operations/outbox").text
    assert first.index("Message 29") < first.index("Message 05")
    assert "Message 04" not in first
    following = first.split('rel="next" href="')[1].split('"')[0]
    assert "Message 04" in operator.get(following).text


def test_a_page_that_does_not_exist_is_refused(operator):
    assert operator.get("/operations/outbox?after=nonsense").status_code == 422


def test_messages_can_be_filtered_by_state(operator, sessions):
    queued(sessions, subject="A queued one")
    assert "A queued one" in operator.get("/operations/outbox?state=queued").text
    assert "A queued one" not in operator.get("/operations/outbox?state=sent").text


def test_a_code_is_masked(operator, sessions):
    message = queued(sessions, masked=True)
    page = operator.get(f"/operations/outbox/{message.id}").text
    assert "482913" not in page
    assert "holds a one-time code" in page


def test_in_the_demo_a_simulated_phone_is_read_in_the_outbox(operator, sessions):
    message = queued(sessions, masked=True)
    with transaction(sessions) as session:
        session.get(Correspondence, message.id).carrier = "simulator"
    assert "482913" in operator.get(f"/operations/outbox/{message.id}").text


def test_a_running_process_says_that_it_is_up(app):
    assert app.test_client().get("/healthz").json == {"status": "ok"}


def test_an_installation_without_a_scheduler_is_not_ready(app):
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["database"] == "ok"
    assert answer.json["migrations"] == "ok"
    assert answer.json["scheduler"] == "unavailable"


def test_an_installation_with_all_its_parts_is_ready(app, sessions, monkeypatch):
    monkeypatch.setattr("tasks.dispatch.broker_is_up", lambda: True)
    with sessions.kw["bind"].connect() as connection:
        assert beat.take(connection)
        connection.commit()
        beat.strike(connection)
        connection.commit()
        assert app.test_client().get("/readyz").status_code == 200
        connection.execute(text("select pg_advisory_unlock_all()"))
        connection.commit()
