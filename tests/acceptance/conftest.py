"""The whole product in this process, with a real browser, a real SMTP server and time to move."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import database, requirements
from tests.acceptance.browsing import Browsing
from tests.acceptance.customer import Customer
from tests.acceptance.mailbox import Mailbox
from tests.acceptance.product import Product
from tests.acceptance.staff import Staff
from web.security import limiter

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show with a failure what the browsers' pages said."""
    report = yield
    if report.failed:
        report.sections.extend(Browsing.seen())
    return report


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser; ended with the folder: the loop it keeps would disturb other tests."""
    requirements.demand("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture(scope="module")
def running(
    server_url: str, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """One running product for the tests of a module, on a database of its own."""
    folder = tmp_path_factory.mktemp("data")
    with (
        database.fresh_database(server_url) as url,
        Product.running(url, mailbox, folder) as product,
    ):
        yield product


@pytest.fixture
def product(running: Product) -> Product:
    """The running product, with no request counted against a rate limit yet."""
    limiter.reset()
    return running


@pytest.fixture
def browsing(chromium: Browser, product: Product) -> Iterator[Browsing]:
    """Browsers to open; at the end none of their pages may have had an error."""
    browsing = Browsing(chromium, product.url)
    yield browsing
    browsing.close()


@pytest.fixture
def sign_in(browsing: Browsing) -> Callable[[str], Staff]:
    """Sign a demo account in at a desk of its own."""

    def begin(name: str) -> Staff:
        staff = Staff(browsing.desk())
        staff.sign_in(name)
        return staff

    return begin


@pytest.fixture
def customer(browsing: Browsing, product: Product) -> Customer:
    """Somebody nobody knows yet, with a phone and without scripts."""
    return Customer(browsing.phone(javascript=False), product)
