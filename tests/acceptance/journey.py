"""One address change walked from end to end, with everything it left behind to look at."""

from dataclasses import dataclass, field
from email.message import EmailMessage

from sqlalchemy import select

from engine.cases import service_requests
from engine.store import Customer as CustomerRow
from engine.store import Document, ServiceRequest, transaction
from tests.acceptance import files
from tests.acceptance.customer import Customer
from tests.acceptance.mailbox import link_in
from tests.acceptance.product import Product
from tests.acceptance.staff import Staff

UNCLEAR = "The date is cut off."
NOTE = "Please send the whole first page."


@dataclass
class Journey:
    """The people, and what they got to see; each step adds to it."""

    customer: Customer
    executive: Staff
    operator: Staff
    pages: dict[str, str] = field(default_factory=dict)
    mails: dict[str, EmailMessage] = field(default_factory=dict)
    due: str = ""  # the moment on the receipt, as the machine reads it
    application: bytes = b""
    proof: bytes = b""

    @property
    def product(self) -> Product:
        return self.customer.product

    def walk(self) -> "Journey":
        """The whole way."""
        self._apply()
        self._ask_for_more()
        self._supply()
        self._accept()
        self._fetch()
        return self

    def request(self) -> ServiceRequest:
        """The request's row."""
        with transaction(self.product.sessions) as session:
            found = service_requests.by_number(session, self.customer.number)
            assert found is not None
            return found

    def record(self) -> dict[str, object]:
        """What the register holds of the customer."""
        with transaction(self.product.sessions) as session:
            return dict(session.get_one(CustomerRow, self.request().customer_id).record)

    def uploads(self) -> list[Document]:
        """The customer's documents, oldest first."""
        with transaction(self.product.sessions) as session:
            mine = Document.service_request_id == self.request().id
            rows = session.scalars(select(Document).where(mine, Document.item.is_not(None)))
            return sorted(rows, key=lambda row: row.created_at)

    def track(self) -> None:
        """Follow the request with the code that the phone got."""
        self.customer.ask_to_track()
        self.customer.show_request(self._phone_code())

    def _apply(self) -> None:
        customer = self.customer
        customer.begin()
        customer.fill_in()
        customer.go_on()
        customer.upload("Proof of the new address", files.jpeg(), files.pdf())
        customer.upload("Proof of identity", files.heic())
        customer.go_on()
        self.pages["check"] = customer.reads()
        customer.approve()
        customer.consent()
        customer.ask_for_code("By SMS")
        customer.confirm(self._phone_code())
        customer.confirm_mail_too()
        self.pages["sign"] = customer.reads()
        customer.sign()
        self.pages["receipt"] = customer.reads()
        self.due = str(customer.page.locator("main time").first.get_attribute("datetime"))
        self.application = customer.fetch("Signed application (PDF)")
        self.product.settle()
        self.mails["acknowledged"] = self._mail("We have your request")

    def _ask_for_more(self) -> None:
        executive = self.executive
        executive.claim(self.customer.number)
        unclear, *others = executive.documents().all()
        executive.look_at(unclear)
        executive.judge(unclear, "Unclear", UNCLEAR)
        for document in others:
            executive.judge(document, "Accept")
        executive.ask_for_more("Proof of the new address", NOTE)
        self.product.settle()
        self.mails["needed"] = self._mail("We need something from you")

    def _supply(self) -> None:
        customer = self.customer
        self.track()
        self.pages["waiting"] = customer.reads()
        customer.page.goto(link_in(self.mails["needed"], "/supply/"))
        customer.page.get_by_role("button", name="Continue").click()
        self.pages["supply"] = customer.reads()
        customer.choose_files("Proof of the new address", files.jpeg("The whole page"))
        customer.page.get_by_role("button", name="Send", exact=True).click()
        customer.page.get_by_role("heading", name="Thank you, we have it").wait_for()
        self.product.settle()

    def _accept(self) -> None:
        self.executive.claim(self.customer.number)
        self.executive.accept_documents()
        self.executive.accept()
        self.product.settle()
        self.mails["done"] = self._mail("Done: your address is changed")
        self.mails["feedback"] = self._mail("How was it?")
        self.executive.open_case(self.customer.number)
        self.pages["case"] = self.executive.reads()

    def _fetch(self) -> None:
        self.customer.page.goto(f"/track/{self.customer.number.replace('-', '')}")
        self.pages["done"] = self.customer.reads()
        self.proof = self.customer.fetch("Sealed proof (PDF)")
        self.operator.page.goto("/operations/outbox")
        self.pages["outbox"] = self.operator.reads()

    def _mail(self, subject: str) -> EmailMessage:
        return self.product.mailbox.take(subject, self.customer.email)

    def _phone_code(self) -> str:
        self.product.settle()
        return self.operator.code_in_outbox(self.customer.phone)
