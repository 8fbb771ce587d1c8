"""A receipt names the customer and holds the signed application: who may open it, how long."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.store import AccessLink, Correspondence

PAGES = ("/draft/receipt", "/draft/receipt.pdf")


@pytest.fixture
def holder_of_the_link(customer, another, sessions):
    """A second browser that opened the mailed link before the application was sent."""
    customer.begin()
    customer.fill_in()
    customer.post("/draft/later", email="sample@example.org")
    with sessions() as session:
        body = session.scalars(select(Correspondence.body)).one()
    assert another.post(re.search(r"/resume/\S+", body)[0]).location == "/draft"
    customer.send_documents()
    customer.agree()
    customer.confirm()
    customer.sign()
    return another


@pytest.mark.parametrize("page", PAGES)
def test_another_browser_that_had_the_draft_does_not_see_the_receipt(holder_of_the_link, page):
    assert holder_of_the_link.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_copied_cookie_opens_the_receipt_for_a_day_at_most(customer, another, page):
    customer.apply()
    another.client.set_cookie("draft", customer.client.get_cookie("draft").value)
    assert another.get(page).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(days=1, minutes=1)):
        assert another.get(page).status_code == 404


def test_a_sent_application_has_no_link_but_the_receipts(holder_of_the_link, sessions):
    with sessions() as session:
        assert session.scalars(select(AccessLink.purpose)).all() == ["draft"]


def test_signing_twice_leads_to_the_receipt_both_times(customer):
    customer.apply()
    assert customer.sign().location == "/draft/receipt"
    assert customer.get("/draft/receipt").status_code == 200
