"""Enough people and requests that every page has something to show."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.acceptance.browsing import Browsing
from tests.acceptance.customer import Customer
from tests.acceptance.product import Product
from tests.acceptance.staff import Staff

NOTE = "Please send the whole first page."


@dataclass
class World:
    """Who is there; every name is a browser of its own."""

    stranger: Page
    drafting: Customer  # has sent the documents
    signing: Customer  # has confirmed the contact
    waiting: Customer  # was asked for more, follows the request
    served: Customer  # has the proof, follows the request
    executive: Staff  # holds the task of `held`
    leader: Staff
    idle: Staff  # a manager without work
    operator: Staff
    analyst: Staff
    held: str  # number of a request

    @property
    def product(self) -> Product:
        return self.served.product


def made(browsing: Browsing, product: Product) -> World:
    """Let everybody do what leads to their page."""

    def customer() -> Customer:
        return Customer(browsing.desk(), product)

    def staff(name: str) -> Staff:
        signed_in = Staff(browsing.desk())
        signed_in.sign_in(name)
        return signed_in

    executive = staff("executive")
    world = World(
        stranger=browsing.desk(),
        drafting=drafted(customer()),
        signing=customer(),
        waiting=_waiting(customer(), executive),
        served=_served(customer(), executive),
        executive=executive,
        leader=staff("teamleader"),
        idle=staff("head"),
        operator=staff("operator"),
        analyst=staff("analyst"),
        held=_held(customer(), executive),
    )
    world.signing.prepare()
    return world


def drafted(customer: Customer) -> Customer:
    """Everything but the code."""
    customer.begin()
    customer.fill_in()
    customer.go_on()
    customer.send_documents()
    customer.approve()
    customer.consent()
    return customer


def _waiting(customer: Customer, executive: Staff) -> Customer:
    executive.claim(customer.apply())
    executive.judge(executive.documents().first, "Unclear", "The date is cut off.")
    executive.ask_for_more("Proof of the new address", NOTE)
    customer.product.settle()
    customer.track()
    return customer


def _served(customer: Customer, executive: Staff) -> Customer:
    executive.claim(customer.apply())
    executive.accept_documents()
    executive.accept()
    customer.product.settle()
    customer.track()
    return customer


def _held(customer: Customer, executive: Staff) -> str:
    executive.claim(customer.apply())
    return customer.number
