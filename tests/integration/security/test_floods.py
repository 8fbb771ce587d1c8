"""Many at once: files that are slow to look into, addresses that are free to change."""

import io

import pytest
from sqlalchemy import select

from engine.cases import customers
from engine.store import Correspondence
from tasks.documents import intake
from tests.integration.portal.browser import photo
from web.security import limiter


@pytest.fixture
def looked_into(monkeypatch):
    """The names of the files that were looked into."""
    names = []
    accept = intake.accept
    monkeypatch.setattr(
        intake, "accept", lambda name, *rest: names.append(name) or accept(name, *rest)
    )
    return names


@pytest.fixture
def limits(app):
    """Rate limits as in production."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.reset()


def pictures(count):
    return [(io.BytesIO(photo()), f"{number}.jpg") for number in range(count)]


def test_no_more_files_are_looked_into_than_may_be_kept(customer, looked_into):
    customer.begin()
    customer.fill_in()
    form = {"file.lease": pictures(40), "upload": "1"}
    answer = customer.client.post("/draft/documents", data=form)
    assert "39.jpg: no more than 2 files fit here" in answer.text
    assert looked_into == ["0.jpg", "1.jpg"]


def begun(client, address):
    origin = {"REMOTE_ADDR": address}
    return client.post("/apply/moving", environ_base=origin).status_code


def test_neighbours_in_one_network_of_ipv6_share_a_limit(limits, customer):
    answers = [begun(customer.client, f"2001:db8:1:2::{number:x}") for number in range(1, 13)]
    assert answers[0] == 303
    assert answers[-1] == 429
    assert begun(customer.client, "2001:db8:1:3::1") == 303


def test_other_addresses_of_ipv4_have_limits_of_their_own(limits, customer):
    assert {begun(customer.client, f"192.0.2.{number}") for number in range(1, 13)} == {303}


def test_a_forged_proxy_header_changes_no_limit(limits, customer):
    headers = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(12)]
    answers = [customer.client.post("/apply/moving", headers=h).status_code for h in headers]
    assert answers[-1] == 429


def test_one_mailbox_gets_few_links_whoever_asks_for_them(limits, customer):
    customer.begin()

    def ask(number, email):
        origin = {"REMOTE_ADDR": f"192.0.2.{number}"}
        form = {"email": email}
        return customer.client.post("/draft/later", data=form, environ_base=origin).status_code

    spellings = ("victim@example.org", " Victim@Example.org ")
    answers = [ask(number, spellings[number % 2]) for number in range(6)]
    assert answers == [200] * 5 + [429]
    assert ask(99, "other@example.org") == 200


@pytest.mark.parametrize(
    "phone", ["+1 900 555 0123", "+979 123 456 789", "+882 13 300655", "+91 1860 123 4567"]
)
def test_no_code_is_sent_to_a_number_that_earns_by_it(customer, sessions, phone):
    customer.begin()
    customer.fill_in(phone=phone)
    customer.send_documents()
    customer.agree()
    assert "By SMS" not in customer.get("/draft/identity").text
    assert customer.post("/draft/identity/code", contact="phone").status_code == 422
    with sessions() as session:
        assert session.scalar(select(Correspondence)) is None


@pytest.mark.parametrize("phone", ["+91 98400 12345", "+49 151 23456789", "+1 212 555 0123"])
def test_ordinary_numbers_of_any_country_get_their_code(phone):
    assert customers.is_ordinary_phone(phone)
