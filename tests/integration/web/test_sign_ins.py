"""Where accounts are signed in, ending that, and changing one's own password."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.people import sign_ins
from engine.people.roles import Role
from engine.store import HistoryEvent, SignIn
from tests.integration.web.conftest import PASSWORD
from web.account import places_of_visitors

NEW = "correct horse battery staple"
CHANGE = {"current": PASSWORD, "password": NEW, "again": NEW}


@pytest.fixture
def executive(signed_in):
    return signed_in(Role.EXECUTIVE)


def others(page):
    return re.findall(r"/account/security/sign-ins/([0-9a-f-]{36})/end", page)


def test_the_account_sees_each_browser_it_is_signed_in_with(executive, signed_in):
    signed_in(Role.EXECUTIVE)
    signed_in(Role.MANAGER)
    page = executive.get("/account/security").text
    assert "(this one)" in page
    assert len(others(page)) == 1


def test_another_browser_is_signed_out_at_once(executive, signed_in):
    elsewhere = signed_in(Role.EXECUTIVE)
    (sign_in_id,) = others(executive.get("/account/security").text)
    executive.post(f"/account/security/sign-ins/{sign_in_id}/end")
    assert elsewhere.get("/inbox").status_code == 303
    assert executive.get("/inbox").status_code == 200


def test_nobody_ends_a_sign_in_of_somebody_else(executive, signed_in, sessions):
    manager = signed_in(Role.MANAGER)
    with sessions() as session:
        newest = select(SignIn.id).order_by(SignIn.created_at.desc()).limit(1)
        theirs = session.scalar(newest)
    answer = executive.post(f"/account/security/sign-ins/{theirs}/end")
    assert answer.status_code == 404
    assert manager.get("/inbox").status_code == 200


def test_all_others_are_signed_out_together(executive, signed_in):
    elsewhere = [signed_in(Role.EXECUTIVE) for _ in range(2)]
    executive.post("/account/security/sign-ins/end-others")
    assert [client.get("/inbox").status_code for client in elsewhere] == [303, 303]
    assert executive.get("/inbox").status_code == 200


def test_a_new_password_signs_out_every_other_browser(executive, signed_in, app):
    elsewhere = signed_in(Role.EXECUTIVE)
    assert executive.post("/account/security/password", data=CHANGE).status_code == 303
    assert executive.get("/inbox").status_code == 200
    assert elsewhere.get("/inbox").status_code == 303
    form = {"name": "executive", "password": NEW}
    assert app.test_client().post("/account/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"current": "wrong"}, "not your present password"),
        ({"again": "another"}, "differ"),
        ({"password": "short", "again": "short"}, "at least 8 characters"),
        ({"password": "executive1", "again": "executive1"}, "easily guessed"),
        ({"password": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "easily guessed"),
        ({"password": "abcdefghijkl", "again": "abcdefghijkl"}, "easily guessed"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(executive, app, changed, says):
    answer = executive.post("/account/security/password", data={**CHANGE, **changed})
    assert answer.status_code == 422
    assert says in answer.text
    form = {"name": "executive", "password": PASSWORD}
    assert app.test_client().post("/account/sign-in", data=form).status_code == 303


def test_an_operator_sees_who_is_signed_in_and_ends_it(signed_in, executive, sessions):
    operator = signed_in(Role.OPERATOR)
    page = operator.get("/operations/sign-ins").text
    (theirs,) = re.findall(r"/operations/sign-ins/([0-9a-f-]{36})/end", page)
    assert operator.post(f"/operations/sign-ins/{theirs}/end").status_code == 303
    assert executive.get("/inbox").status_code == 303
    with sessions() as session:
        ended = select(HistoryEvent).where(HistoryEvent.kind == "account.sign_in_ended")
        assert session.scalars(ended).one().data == {"account": "executive"}


def test_that_somebody_is_here_is_noted_now_and_then(executive, sessions):
    with clock.frozen_at(clock.now() + timedelta(minutes=4)):
        executive.get("/inbox")
        early = seen(sessions)
    later = clock.now() + timedelta(minutes=6)
    with clock.frozen_at(later):
        executive.get("/inbox")
    assert early < later
    assert seen(sessions) == later


def seen(sessions):
    with sessions() as session:
        return session.scalars(select(SignIn.seen_at)).one()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox / Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1", "Safari / iOS"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/150.0 Mobile Safari/537.36", "Chrome / Android"),
        ("<script>alert(1)</script>", None),
        ("", None),
    ],
)
def test_a_browser_is_told_by_a_few_words(agent, words):
    assert places_of_visitors.browser(agent) == words


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("unknown", None),
    ],
)
def test_of_an_address_only_the_network_is_kept(address, kept):
    assert places_of_visitors.network(address) == kept


def test_the_sign_in_of_a_token_is_known_by_its_digest(executive, sessions):
    with sessions() as session:
        row = session.scalars(select(SignIn)).one()
    assert not sign_ins.is_of(row, "another token")
