"""Bytes that no browser sends: refused in words, and never a fault that tells tales."""

import logging

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from engine.people.roles import Role


@pytest.fixture(autouse=True)
def as_in_production(app):
    """Let faults become pages."""
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)


@pytest.mark.parametrize(
    ("method", "address", "form"),
    [
        ("POST", "/account/sign-in", {"name": "a\0b", "password": "x"}),
        ("GET", "/apply/mov%00ing", {}),
        ("POST", "/apply/mov%00ing", {}),
        ("GET", "/track/%00", {}),
        ("POST", "/track", {"number": "\0"}),
        ("GET", "/resume/" + "%00" * 43, {}),
        ("POST", "/preferences", {"next": "/\0", "theme": "dark"}),
    ],
)
def test_a_nul_is_no_fault_of_ours(customer, method, address, form):
    answer = customer.client.open(address, method=method, data=form)
    assert answer.status_code < 500, answer.text


@pytest.mark.parametrize("name", ["full_name", "reason", "address.street"])
def test_a_nul_in_an_answer_is_no_fault_of_ours(customer, name):
    customer.begin()
    assert customer.fill_in(**{name: "a\0b"}).status_code < 500


def test_a_nul_typed_by_staff_is_no_fault_of_ours(signed_in):
    executive = signed_in(Role.EXECUTIVE)
    for address in ("/inbox/search?number=%00", "/inbox/queues/%00", "/inbox?after=%00"):
        assert executive.get(address).status_code < 500


def test_an_error_of_the_database_does_not_repeat_what_was_typed(sessions):
    with sessions() as session, pytest.raises(DataError) as raised:
        session.execute(text("select cast(:name as text)"), {"name": "Sample Customer\0"})
    assert "Sample" not in str(raised.value)


def test_the_log_of_a_refused_input_does_not_repeat_it(customer, caplog):
    with caplog.at_level(logging.WARNING):
        customer.post("/account/sign-in", name="sample customer\0", password="x")
    assert "sample" not in caplog.text


def test_a_page_that_is_none_is_kept_by_no_cache(customer):
    answer = customer.get("/no/such/page")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
