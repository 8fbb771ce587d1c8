"""Signing in and out, as a browser does it."""

import pytest

from engine.people import accounts
from engine.people.roles import Role
from engine.store import HistoryEvent, SignIn, transaction
from tests.integration.web.conftest import PASSWORD
from web import access


def test_a_page_for_staff_sends_strangers_to_the_sign_in_page_and_back(app, demo):
    client = app.test_client()
    sent = client.get("/operations/outbox?state=sent")
    assert sent.status_code == 303
    assert sent.location == "/account/sign-in?next=/operations/outbox?state%3Dsent"
    form = {"name": "operator", "password": PASSWORD, "next": "/operations/outbox?state=sent"}
    entered = client.post("/account/sign-in", data=form)
    assert entered.location == "/operations/outbox?state=sent"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_never_sends_to_another_site(app, demo, target):
    form = {"name": "operator", "password": PASSWORD, "next": target}
    assert app.test_client().post("/account/sign-in", data=form).location == "/account"


@pytest.mark.parametrize("name", ["operator", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(app, demo, name):
    form = {"name": name, "password": "wrong password"}
    answer = app.test_client().post("/account/sign-in", data=form)
    assert answer.status_code == 422
    assert "Name or password is not right." in answer.text


def test_the_session_of_before_is_worth_nothing_after_signing_in(app, demo):
    client = app.test_client()
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.post("/account/sign-in", data={"name": "operator", "password": PASSWORD})
    with client.session_transaction() as session:
        assert set(session) == {access.TOKEN}


def test_signing_out_ends_the_sign_in_in_the_table_too(app, signed_in, sessions):
    client = signed_in(Role.OPERATOR)
    with client.session_transaction() as session:
        kept = dict(session)
    client.post("/account/sign-out")
    with client.session_transaction() as session:
        session.update(kept)
    assert client.get("/operations/outbox").status_code == 303


def test_a_deactivated_account_is_out_at_once(signed_in, sessions):
    client = signed_in(Role.OPERATOR)
    with transaction(sessions) as session:
        accounts.deactivate(session, "operator")
    assert client.get("/operations/outbox").status_code == 303


def test_the_sixth_try_within_a_minute_is_refused(app, demo):
    client = app.test_client()
    form = {"name": "operator", "password": "wrong password"}
    tries = [client.post("/account/sign-in", data=form).status_code for _ in range(6)]
    assert tries == [422] * 5 + [429]


def test_signing_in_is_a_fact_of_the_history(signed_in, sessions):
    signed_in(Role.OPERATOR)
    with sessions() as session:
        (event,) = session.query(HistoryEvent)
        assert (event.kind, event.actor) == ("account.signed_in", "operator")
        assert "token" not in session.query(SignIn).one().token_digest
