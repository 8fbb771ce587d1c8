"""Two people, two clicks, one step back: nothing is lost and nothing happens twice."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from engine.store import ServiceRequest, transaction
from tests.acceptance.customer import Customer


@pytest.fixture
def two(sign_in):
    """The executive and a team leader, who works on the same queue."""
    return sign_in("executive"), sign_in("teamleader")


def requests_of(customer):
    """How many requests came of what the customer did."""
    mine = ServiceRequest.email == customer.email
    with transaction(customer.product.sessions) as session:
        return session.scalar(select(func.count()).where(mine))


def test_the_second_to_claim_is_told_who_was_first(two, customer):
    first, second = two
    customer.apply()
    second.open_queue("executives")
    first.claim(customer.number)
    second.row(customer.number).get_by_role("button", name="Claim").click()
    expect(second.page.get_by_role("heading", name="Somebody was faster")).to_be_visible()
    expect(second.page.locator("main")).to_contain_text("Service executive has taken")
    second.page.get_by_role("link", name="Look at the task").click()
    expect(second.page.get_by_role("button", name="Complete")).to_have_count(0)


def test_what_was_typed_stays_with_a_task_that_is_given_back(two, customer):
    first, second = two
    first.claim(customer.apply())
    first.page.get_by_label("Internal note").fill("Called: no answer.")
    first.page.get_by_role("button", name="Save for later").click()
    expect(first.page.get_by_text("Saved. The task stays with you.")).to_be_visible()
    first.page.get_by_role("button", name="Give back").click()
    second.claim(customer.number)
    expect(second.page.get_by_label("Internal note")).to_have_value("Called: no answer.")


def test_a_task_done_in_one_window_is_not_done_again_in_another(sign_in, customer):
    executive = sign_in("executive")
    executive.claim(customer.apply())
    executive.accept_documents()
    others = [executive.page.context.new_page() for _ in range(2)]
    for other in others:
        other.goto(executive.page.url)
    executive.accept()
    changed, completed = others
    changed.get_by_label("Ask the customer for more").check()
    completed.get_by_label("Accept: the documents prove the change").check()
    completed.get_by_role("button", name="Complete", exact=True).click()
    for other in others:
        expect(other.get_by_role("heading", name="Somebody was faster")).to_be_visible()
        expect(other.locator("main")).to_contain_text("has been done already")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_sends_one_application(browsing, product, javascript):
    customer = Customer(browsing.phone(javascript=javascript), product)
    customer.prepare()
    customer.page.get_by_role("button", name="Sign and submit").dblclick()
    expect(customer.page.get_by_role("heading", name="We have your request")).to_be_visible()
    product.settle()
    assert requests_of(customer) == 1


def test_two_windows_send_one_application(customer):
    customer.prepare()
    other = Customer(customer.page.context.new_page(), customer.product)
    other.page.goto("/draft/sign")
    customer.sign()
    other.sign()
    assert other.number == customer.number
    assert requests_of(customer) == 1


def test_going_back_after_sending_leads_to_the_receipt(customer):
    customer.prepare()
    customer.sign()
    customer.page.go_back()
    expect(customer.page.get_by_role("heading", name="We have your request")).to_be_visible()
    assert customer.number in customer.reads()
