"""A request that nobody finishes in time climbs three levels, and its customer is told why."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine import clock
from engine.store import Account, transaction
from tests.acceptance.mailbox import text_of

TEXT = "So many people moved this month that we are behind."
LEVELS = [
    (1, 4, "teamleader", "team_leaders"),
    (2, 5, "manager", "managers"),
    (3, 7, "head", "department_heads"),
]


@pytest.fixture
def late(customer, sign_in, product):
    """A request whose executive took it and then did nothing."""
    with transaction(product.sessions) as session:
        for account in session.scalars(select(Account)):
            account.email = f"{account.name}@provider.example"
    customer.apply()
    sign_in("executive").claim(customer.number)
    return customer


def test_each_level_puts_the_request_into_the_next_queue(late, sign_in, product):
    passed = 0
    for level, days, name, group in LEVELS:
        product.move(days=days - passed, minutes=1)
        passed = days
        staff = sign_in(name)
        staff.open_queue(group)
        expect(staff.row(late.number)).to_contain_text(f"Level {level}")
        subject = f"Late: {late.number} is at level {level}"
        assert product.mailbox.take(subject, "executive@provider.example")


def test_nothing_climbs_before_its_time(late, sign_in, product):
    product.move(days=3, hours=23)
    leader = sign_in("teamleader")
    leader.open_queue("team_leaders")
    expect(leader.row(late.number)).to_have_count(0)


def test_a_declared_delay_reaches_the_customer(late, sign_in, product):
    product.move(days=4, minutes=1)
    later = (clock.now() + timedelta(days=9)).date()
    sign_in("teamleader").declare_delay(late.number, "Many requests at once", TEXT, later)
    product.settle()
    said = text_of(product.mailbox.take("takes longer", late.email))
    assert "Many requests at once" in said
    assert TEXT in said
    late.track()
    page = late.reads()
    assert TEXT in page
    assert "First promised:" in page
    due = late.page.locator("main dd time").get_attribute("datetime")
    assert due.startswith(later.isoformat())


def test_when_the_case_ends_its_open_escalation_work_goes(late, sign_in, product):
    product.move(days=5, minutes=1)
    executive = sign_in("executive")
    executive.resume(late.number)
    executive.accept_documents()
    executive.accept()
    product.settle()
    for name, group in (("teamleader", "team_leaders"), ("manager", "managers")):
        staff = sign_in(name)
        staff.open_queue(group)
        expect(staff.row(late.number)).to_have_count(0)
    executive.open_case(late.number)
    said = executive.reads()
    assert "Escalated to level 2" in said
    assert "No longer needed: “Say why it is late (team leader)”" in said
