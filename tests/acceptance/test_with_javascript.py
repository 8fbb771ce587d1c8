"""What scripts add to pages that work without them."""

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance.customer import Customer

REFRESH = re.compile(r"\?refresh=1")
HOUR = 3_600_000  # milliseconds


@pytest.fixture
def scripted(browsing, product):
    """A customer whose phone runs scripts."""
    return Customer(browsing.phone(), product)


def unload_noticed(page):
    """Leave a mark that a new page would not have."""
    page.evaluate("window.stayed = true")


def test_a_question_that_depends_on_an_answer_appears_in_place(scripted):
    scripted.begin()
    page = scripted.page
    unload_noticed(page)
    page.get_by_label("Full name").fill("Sample Customer")
    other = page.get_by_label("Something else")
    other.focus()
    other.check()
    expect(page.get_by_label("What is the reason?")).to_be_visible()
    expect(other).to_be_focused()
    expect(page.get_by_label("Full name")).to_have_value("Sample Customer")
    page.get_by_label("I have moved").check()
    expect(page.get_by_label("What is the reason?")).to_have_count(0)
    assert page.evaluate("window.stayed")


def test_what_is_typed_while_the_form_is_refreshed_stays(scripted):
    scripted.begin()
    page, held = scripted.page, []
    page.route(REFRESH, lambda route: held.append(route))  # noqa: PLW0108 -- it is marked
    page.get_by_label("Full name").fill("Sample Customer")
    with page.expect_request(REFRESH):
        page.get_by_label("Full name").blur()
    page.get_by_label("Town or city").press_sequentially("Pune")
    held[0].continue_()
    page.unroute_all()
    page.get_by_label("Something else").check()
    expect(page.get_by_label("What is the reason?")).to_be_visible()
    expect(page.get_by_label("Town or city")).to_have_value("Pune")


def test_answers_are_kept_without_pressing_a_button(scripted):
    scripted.begin()
    page = scripted.page
    with page.expect_response(REFRESH):
        page.get_by_label("Full name").fill("Sample Customer")
        page.get_by_label("Full name").blur()
    page.goto("/draft/form")
    expect(page.get_by_label("Full name")).to_have_value("Sample Customer")


def test_a_task_keeps_what_was_typed_so_far(customer, sign_in):
    executive = sign_in("executive")
    executive.claim(customer.apply())
    page = executive.page
    page.get_by_label("Ask the customer for more").check()
    note = page.get_by_label("Note to the customer")
    expect(note).to_be_visible()
    with page.expect_response(REFRESH):
        note.fill("Please send the first page.")
        note.blur()
    page.reload()
    expect(page.get_by_label("Ask the customer for more")).to_be_checked()
    expect(note).to_have_value("Please send the first page.")


def test_the_theme_is_chosen_and_kept(browsing):
    page = browsing.phone(color_scheme="light")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/track")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.get_by_role("button", name="As the device").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_countdown_counts(customer, sign_in):
    executive = sign_in("executive")
    number = customer.apply()
    executive.open_queue("executives")
    countdown = executive.row(number).locator("time.countdown")
    expect(countdown).to_have_text("in 4 days")
    expect(countdown).to_have_attribute("data-state", "calm")
    executive.page.clock.install()
    executive.page.reload()
    executive.page.clock.fast_forward(120 * HOUR)
    expect(countdown).to_have_attribute("data-state", "late")


def test_the_diagram_shows_where_the_case_stands(customer, sign_in):
    executive = sign_in("executive")
    number = customer.apply()
    executive.open_case(number)
    page = executive.page
    page.locator("html[data-ready]").wait_for(state="attached")
    diagram = page.locator("#diagram")
    expect(diagram.locator("[data-element-id=VerifyDocuments].element-active")).to_be_visible()
    expect(diagram.locator(".token")).to_have_count(1)
    expect(diagram.get_by_role("img").first).to_have_accessible_name(
        re.compile("Process diagram.*Verify the documents")
    )
    expect(page.locator("#main")).to_contain_text("Where the case stands")
