"""Accounts, passwords and sign-ins."""

from datetime import timedelta

import pytest

from engine import clock
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.people import accounts, passwords, sign_ins
from engine.people.roles import Role
from engine.store import SignIn

PASSWORD = "correct horse"


@pytest.fixture
def account(session):
    return accounts.create(
        session, "Sample", PASSWORD, roles=[Role.EXECUTIVE], groups=["executives"]
    )


def test_the_right_password_opens_the_account_in_any_case_of_the_name(session, account):
    assert accounts.authenticate(session, " SAMPLE ", PASSWORD) is account


@pytest.mark.parametrize(("name", "password"), [("sample", "wrong"), ("nobody", PASSWORD)])
def test_neither_a_wrong_password_nor_an_unknown_name_opens_anything(
    session, account, name, password
):
    assert accounts.authenticate(session, name, password) is None


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(session, account, monkeypatch):
    checked = []
    monkeypatch.setattr(passwords, "_hasher", _Counting(passwords._hasher, checked), raising=True)
    accounts.authenticate(session, "nobody", "wrong")
    accounts.authenticate(session, "sample", "wrong")
    assert len(checked) == 2
    assert len({kept.split("$")[3] for kept in checked}) == 1


def test_passwords_are_kept_as_argon2id(account):
    assert account.password_hash.startswith("$argon2id$")


def test_an_account_without_a_password_cannot_be_signed_in_with(session):
    accounts.create(session, "robot", None, roles=[Role.EXECUTIVE])
    assert accounts.authenticate(session, "robot", "nobody") is None


def test_a_short_password_is_refused(session):
    with pytest.raises(InvalidError, match="at least 8"):
        accounts.create(session, "b", "short", roles=[])


def test_a_name_can_be_taken_once(session, account):
    with pytest.raises(ConflictError):
        accounts.create(session, "SAMPLE", PASSWORD, roles=[])


def test_the_demo_has_an_account_for_each_role_and_stays_as_it_is(session):
    accounts.ensure_demo(session, PASSWORD)
    before = {role: accounts.by_name(session, role).password_hash for role in Role}
    accounts.ensure_demo(session, PASSWORD)
    assert {role: accounts.by_name(session, role).password_hash for role in Role} == before
    assert accounts.authenticate(session, "auditor", PASSWORD)


def test_a_new_demo_password_holds_for_all_accounts(session):
    accounts.ensure_demo(session, PASSWORD)
    accounts.ensure_demo(session, "another one")
    assert accounts.authenticate(session, "head", "another one")
    assert accounts.authenticate(session, "head", PASSWORD) is None


def test_a_sign_in_finds_its_account_until_it_is_ended(session, account):
    token = sign_ins.open(session, account)
    assert sign_ins.find(session, token) is account
    sign_ins.end(session, token)
    assert sign_ins.find(session, token) is None


def test_a_sign_in_is_over_after_a_working_day(session, account):
    token = sign_ins.open(session, account)
    with clock.moved_by(sign_ins.LIFETIME - timedelta(minutes=1)):
        assert sign_ins.find(session, token)
    with clock.moved_by(sign_ins.LIFETIME):
        assert sign_ins.find(session, token) is None


def test_only_the_digest_of_a_token_is_kept(session, account):
    token = sign_ins.open(session, account)
    assert token not in session.query(SignIn).one().token_digest


def test_a_deactivated_account_is_out_of_every_browser_at_once(session, account):
    tokens = [sign_ins.open(session, account) for _ in range(2)]
    accounts.deactivate(session, "sample")
    assert [sign_ins.find(session, token) for token in tokens] == [None, None]
    assert accounts.authenticate(session, "sample", PASSWORD) is None


def test_old_sign_ins_are_forgotten_and_live_ones_kept(session, account):
    with clock.moved_by(-3 * sign_ins.LIFETIME):
        sign_ins.open(session, account)
    token = sign_ins.open(session, account)
    assert sign_ins.forget(session) == 1
    assert sign_ins.find(session, token) is account


def test_an_account_that_there_is_not_cannot_be_deactivated(session):
    with pytest.raises(NotFoundError):
        accounts.deactivate(session, "nobody")


class _Counting:
    """A hasher that notes against what it checks."""

    def __init__(self, hasher, checked):
        self.hasher, self.checked = hasher, checked

    def hash(self, password):
        return self.hasher.hash(password)

    def verify(self, kept, password):
        self.checked.append(kept)
        return self.hasher.verify(kept, password)

    def check_needs_rehash(self, kept):
        return self.hasher.check_needs_rehash(kept)


def test_a_demos_accounts_are_closed_where_no_demo_is_wanted_any_more(session):
    accounts.ensure_demo(session, PASSWORD)
    accounts.create(session, "desk", PASSWORD, roles=[Role.EXECUTIVE])
    accounts.close_demo(session)
    assert accounts.authenticate(session, "admin", PASSWORD) is None
    assert accounts.authenticate(session, "desk", PASSWORD)


def test_a_demo_that_comes_back_opens_its_accounts_again(session):
    accounts.ensure_demo(session, PASSWORD)
    accounts.close_demo(session)
    accounts.ensure_demo(session, PASSWORD)
    assert accounts.authenticate(session, "admin", PASSWORD)
