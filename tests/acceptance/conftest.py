"""The whole product in this process, with a real browser, a real SMTP server and time to move."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import database, requirements
from tests.acceptance.mailbox import Mailbox
from tests.acceptance.product import Product

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
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
def product(
    server_url: str, mailbox: Mailbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Product]:
    """One running product for the tests of a module, on a database of its own."""
    folder = tmp_path_factory.mktemp("data")
    with (
        database.fresh_database(server_url) as url,
        Product.running(url, mailbox.url, folder) as product,
    ):
        yield product
