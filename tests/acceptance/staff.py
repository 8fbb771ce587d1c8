"""Somebody who works on requests: signs in, takes a task, looks, decides."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

from tests.acceptance.customer import SIX_DIGITS
from tests.acceptance.product import PASSWORD
from tests.waiting import until


@dataclass
class Staff:
    """One signed-in browser."""

    page: Page

    def sign_in(self, name: str) -> None:
        self.page.goto("/account/sign-in")
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.locator(".account-menu").wait_for()

    def open_queue(self, group: str) -> None:
        self.page.goto(f"/inbox/queues/{group}")

    def row(self, number: str) -> Locator:
        """The line of a list that shows the request."""
        return self.page.get_by_role("row").filter(has_text=number)

    def claim(self, number: str, group: str = "executives") -> None:
        """Take the request's task out of a queue and open it."""
        self.open_queue(group)
        self.row(number).get_by_role("button", name="Claim").click()
        expect(self.page.get_by_role("button", name="Give back")).to_be_visible()
        self.page.wait_for_load_state()

    def resume(self, number: str) -> None:
        """Open a task taken before."""
        self.page.goto("/inbox")
        self.row(number).get_by_role("link", name="Open").click()

    def declare_delay(self, number: str, reason: str, text: str, day: date) -> None:
        """Take a team leader's task and say why it is late."""
        self.claim(number, "team_leaders")
        self.page.get_by_label("Reason").select_option(reason)
        self.page.get_by_label("What the customer is told").fill(text)
        self.page.get_by_label("New date").fill(day.isoformat())
        self.complete()

    def documents(self) -> Locator:
        """The customer's documents, each with its decision."""
        return self.page.locator("article.dossier-document").filter(
            has=self.page.locator("form.review")
        )

    def judge(self, document: Locator, decision: str, reason: str = "") -> None:
        """Decide about a document and see that it is kept."""
        if reason:
            document.get_by_label("Reason").fill(reason)
        document.get_by_role("button", name=decision).click()
        expect(document.get_by_role("button", name=decision)).to_have_attribute(
            "aria-pressed", "true"
        )

    def look_at(self, document: Locator) -> None:
        """See the picture of a document in the page."""
        picture = document.locator("img.preview")
        picture.scroll_into_view_if_needed()
        shown = "picture => picture.complete && picture.naturalWidth > 0"
        until(lambda: picture.evaluate(shown), "the picture")

    def accept_documents(self) -> None:
        """Accept every document that is not accepted yet."""
        for place in range(self.documents().count()):
            document = self.documents().nth(place)
            self.judge(document, "Accept")

    def ask_for_more(self, item: str, note: str) -> None:
        """Send the request back to its customer."""
        self.page.get_by_label("Ask the customer for more").check()
        self.page.get_by_role("checkbox", name=item).check()
        self.page.get_by_label("Note to the customer").fill(note)
        self.complete()

    def accept(self) -> None:
        self.page.get_by_label("Accept: the documents prove the change").check()
        self.complete()

    def complete(self) -> None:
        """Complete the task and see that it is done."""
        self.page.get_by_role("button", name="Complete", exact=True).click()
        self.page.get_by_text(re.compile("^Done: ")).wait_for()

    def open_case(self, number: str) -> None:
        self.page.goto(f"/inbox/requests/{number.replace('-', '')}")

    def reads(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def code_in_outbox(self, address: str) -> str:
        """The one-time code that the demo shows in the newest message to a phone."""
        self.page.goto("/operations/outbox")
        rows = self.page.get_by_role("row").filter(has_text=address)
        rows.filter(has_text="One time code").first.get_by_role("link").click()
        return SIX_DIGITS.findall(self.page.locator(".message-body").inner_text())[0]
