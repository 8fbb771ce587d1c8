"""A customer at the portal: what they press and type, from choosing a service to the feedback."""

import itertools
import re
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.acceptance import files
from tests.acceptance.mailbox import text_of
from tests.acceptance.product import Product

SIX_DIGITS = re.compile(r"\b\d{6}\b")
NUMBER = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]")

_strangers = itertools.count(10_000)


@dataclass
class Customer:
    """Somebody with a browser, a mailbox and a phone number that nobody else in the run has."""

    page: Page
    product: Product
    name: str = "Sample Customer"
    number: str = ""  # of the request, once it is sent
    stranger: int = field(default_factory=lambda: next(_strangers))

    @property
    def email(self) -> str:
        return f"sample.{self.stranger}@example.org"

    @property
    def phone(self) -> str:
        return f"+9198765{self.stranger}"

    def begin(self) -> None:
        """Choose the service and start."""
        self.page.goto("/")
        self.page.get_by_role("link", name="Change of address").click()
        self.page.get_by_role("button", name="Start now").click()
        self.page.wait_for_url("**/draft/form")  # loaded, and so are its scripts

    def fill_in(self) -> None:
        """Answer every question that must be answered."""
        for label, answer in {
            "Full name": self.name,
            "E-mail address": self.email,
            "Mobile number": self.phone,
            "House number and street": "12 Lake Road",
            "Town or city": "Pune",
            "PIN code": "411038",
            "From which day": "2026-11-01",
        }.items():
            self.page.get_by_label(label).fill(answer)
        self.page.get_by_label("State or union territory").select_option("Maharashtra")
        self.page.get_by_label("I have moved").check()

    def go_on(self) -> None:
        """Save the page and go to the next one."""
        self.page.get_by_role("button", name="Save and continue").click()

    def choose_files(self, item: str, *chosen: dict[str, object]) -> None:
        """Choose files for an item of the checklist."""
        self.page.get_by_label(f"Choose files: {item}").set_input_files(list(chosen))

    def upload(self, item: str, *chosen: dict[str, object]) -> None:
        """Send files for an item and stay on the page."""
        self.choose_files(item, *chosen)
        self.page.get_by_role("button", name=re.compile(f"Upload ?: {item}")).click()

    def send_documents(self) -> None:
        """Send a photo for each item and go on."""
        self.choose_files("Proof of the new address", files.jpeg())
        self.choose_files("Proof of identity", files.jpeg("Passport"))
        self.go_on()

    def approve(self) -> None:
        """Find the answers right."""
        self.page.get_by_role("link", name="That is right, continue").click()

    def consent(self) -> None:
        self.page.get_by_label("I have read this and agree.").check()
        self.page.get_by_role("button", name="Continue").click()

    def ask_for_code(self, way: str = "By mail") -> None:
        self.page.get_by_label(way).check()
        self.page.get_by_role("button", name="Send the code").click()

    def confirm(self, code: str) -> None:
        self.page.get_by_label("Your code").fill(code)
        self.page.get_by_role("button", name="Confirm").click()

    def confirm_mail_too(self) -> None:
        """Let messages go to the mailbox as well."""
        self.page.get_by_role("link", name="Confirm your mailbox, too").click()
        self.ask_for_code()
        self.confirm(self.mailed_code())

    def mailed_code(self) -> str:
        """The code of the next mail that brings one."""
        mail = self.product.mailbox.take("Your code", self.email)
        return SIX_DIGITS.findall(text_of(mail))[0]

    def sign(self) -> None:
        """Sign, and read the number off the receipt."""
        self.page.get_by_role("button", name="Sign and submit").click()
        self.page.get_by_role("heading", name="We have your request").wait_for()
        self.number = NUMBER.findall(self.page.locator(".request-number-large").inner_text())[0]

    def prepare(self) -> None:
        """Everything up to the signature."""
        self.begin()
        self.fill_in()
        self.go_on()
        self.send_documents()
        self.approve()
        self.consent()
        self.ask_for_code()
        self.confirm(self.mailed_code())

    def apply(self) -> str:
        """The whole application; returns the request's number."""
        self.prepare()
        self.sign()
        self.product.settle()
        return self.number

    def ask_to_track(self, number: str | None = None) -> None:
        """Have a code sent for following a request."""
        self.page.goto("/track")
        self.page.get_by_label("Request number").fill(number or self.number)
        self.page.get_by_role("button", name="Send me a code").click()

    def show_request(self, code: str) -> None:
        """Type the code that was asked for and read how the request stands."""
        self.page.get_by_label("Your code").fill(code)
        self.page.get_by_role("button", name="Show my request").click()
        self.page.get_by_text("What happened so far").wait_for()

    def track(self) -> None:
        """Open the page that tells how the request stands."""
        self.ask_to_track()
        self.show_request(self.mailed_code())

    def reads(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def fetch(self, link: str) -> bytes:
        """The file behind a link of the page."""
        address = self.page.get_by_role("link", name=link).get_attribute("href")
        answer = self.page.request.get(str(address))
        assert answer.ok, answer.status
        return answer.body()
