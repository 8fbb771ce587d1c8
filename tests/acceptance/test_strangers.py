"""What somebody cannot see or do who only knows, or guesses, an address, a number or a code."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine.cases import numbers, service_requests
from engine.store import Document, transaction
from tests.acceptance.customer import Customer
from tests.acceptance.files import jpeg

WRONG = "000000"


@pytest.fixture
def stranger(browsing, product):
    """Somebody else, with an application of their own."""
    stranger = Customer(browsing.phone(javascript=False), product, name="Mallory")
    stranger.begin()
    return stranger


def status(page, address):
    """What the server answers this browser, without following it elsewhere."""
    return page.request.get(address, max_redirects=0).status


def documents(customer):
    """The documents of the customer's request."""
    with transaction(customer.product.sessions) as session:
        request = service_requests.by_number(session, customer.number)
        mine = Document.service_request_id == request.id
        return session.scalars(select(Document.id).where(mine)).all()


def try_codes(customer, button, times):
    """Type a wrong code so often; returns what the page says at the end."""
    for _ in range(times):
        customer.page.get_by_label("Your code").fill(WRONG)
        customer.page.get_by_role("button", name=button).click()
    return customer.page.get_by_role("alert").inner_text()


def test_a_draft_and_its_documents_open_in_their_own_browser_only(customer, stranger):
    customer.begin()
    customer.fill_in()
    customer.go_on()
    customer.upload("Proof of identity", jpeg("Passport"))
    link = customer.page.get_by_role("link", name="photo.jpg").get_attribute("href")
    assert status(customer.page, link) == 200
    assert status(stranger.page, link) == 404
    stranger.page.goto("/draft/form")
    expect(stranger.page.get_by_label("Full name")).to_have_value("")


def test_a_request_and_its_documents_need_its_own_code(customer, stranger):
    customer.apply()
    plain = customer.number.replace("-", "")
    assert status(stranger.page, f"/track/{plain}") == 303
    for document in documents(customer):
        assert status(stranger.page, f"/track/{plain}/documents/{document}") == 303
        assert status(stranger.page, f"/draft/documents/{document}") == 404
        assert status(stranger.page, f"/inbox/documents/{document}") in {302, 303, 401}


def test_the_code_of_one_request_opens_no_other(customer, browsing, product):
    customer.apply()
    other = Customer(browsing.phone(javascript=False), product, name="Mallory")
    other.apply()
    other.track()
    plain = customer.number.replace("-", "")
    assert status(other.page, f"/track/{plain}") == 303
    mine = other.number.replace("-", "")
    for document in documents(customer):
        assert status(other.page, f"/track/{mine}/documents/{document}") == 404


def test_five_wrong_codes_lock_the_application(customer):
    customer.begin()
    customer.fill_in()
    customer.go_on()
    customer.send_documents()
    customer.approve()
    customer.consent()
    customer.ask_for_code()
    assert "Too many wrong codes" in try_codes(customer, "Confirm", 5)
    customer.confirm(customer.mailed_code())
    expect(customer.page.get_by_role("alert")).to_contain_text("Too many wrong codes")


def test_five_wrong_codes_lock_the_request(customer):
    customer.apply()
    customer.ask_to_track()
    try_codes(customer, "Show my request", 5)
    customer.page.get_by_label("Your code").fill(customer.mailed_code())
    customer.page.get_by_role("button", name="Show my request").click()
    expect(customer.page.get_by_role("alert")).to_contain_text("This code does not open")


def test_an_unknown_number_is_answered_like_a_known_one(customer, stranger):
    customer.apply()
    answers = []
    for number in (customer.number, numbers.display(numbers.request_number())):
        stranger.ask_to_track(number)
        asked = stranger.reads().replace(number, "NUMBER")
        answers.append((asked, try_codes(stranger, "Show my request", 1)))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("page", ["/inbox", "/operations/outbox", "/inbox/search?number=X"])
def test_pages_of_the_staff_ask_for_a_sign_in(stranger, page):
    stranger.page.goto(page)
    expect(stranger.page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("path", ["/supply/", "/feedback/", "/proof/", "/resume/"])
def test_a_guessed_link_opens_nothing(stranger, path):
    assert status(stranger.page, path + "x" * 43) == 404
