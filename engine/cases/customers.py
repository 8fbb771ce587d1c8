"""Customers: found again, or made, only by a contact that was verified.

A stated name or an unverified address never leads to anybody's record.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import locks, numbers
from engine.store import Customer, CustomerContact

ContactKind = Literal["email", "phone"]
EMAIL: ContactKind = "email"
PHONE: ContactKind = "phone"
NO_COUNTRY = "001"  # satellites and other networks of the world, as libphonenumber calls them
PAID_NUMBERS = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


def verified(
    session: Session,
    *,
    kind: str,
    value: str,
    name: str,
    locale: str,
    at: datetime | None = None,
) -> Customer:
    """The customer who holds this contact, verified `at` (or now); new if nobody does yet.

    A known customer keeps name, language and CIN: what a form states changes no record.
    """
    value = normalised(kind, value)
    locks.hold(session, "contact", kind, value)
    known = _by_contact(session, kind, value)
    if known is not None:
        return known
    customer = _new(session, name, locale)
    session.add(_contact(customer, kind, value, at))
    session.flush()
    return customer


def add_contact(
    session: Session, customer: Customer, kind: str, value: str, at: datetime | None = None
) -> None:
    """Let a further verified contact find the customer; one that finds another is left alone."""
    value = normalised(kind, value)
    locks.hold(session, "contact", kind, value)
    if _by_contact(session, kind, value) is None:
        session.add(_contact(customer, kind, value, at))
        session.flush()


def contacts(session: Session, customer_id: UUID) -> list[CustomerContact]:
    """The customer's verified contacts, oldest first."""
    held = select(CustomerContact).where(CustomerContact.customer_id == customer_id)
    return list(session.scalars(held.order_by(CustomerContact.verified_at, CustomerContact.id)))


def normalised(kind: str, value: str) -> str:
    """The form in which a contact is compared and kept: mail in lower case, phone as E.164."""
    value = value.strip()
    if kind == EMAIL:
        return value.casefold()
    return "".join(symbol for symbol in value if symbol == "+" or symbol.isdecimal())


def is_ordinary_phone(value: str) -> bool:
    """Whether a message to the number costs what messages cost.

    Numbers that pay their holder for each message, and those of no country, are what floods of
    codes are aimed at.
    """
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return False
    of_a_country = phonenumbers.region_code_for_number(number) != NO_COUNTRY
    return of_a_country and phonenumbers.number_type(number) not in PAID_NUMBERS


def masked(kind: str, value: str) -> str:
    """As much of a contact as its holder needs to recognise it."""
    if kind == PHONE:
        return f"…{value[-4:]}"
    local, _, domain = value.partition("@")
    return f"{local[:1]}…@{domain}"


def _by_contact(session: Session, kind: str, value: str) -> Customer | None:
    found = (
        select(Customer)
        .join(CustomerContact, CustomerContact.customer_id == Customer.id)
        .where(CustomerContact.kind == kind, CustomerContact.value == value)
    )
    return session.scalar(found)


def _new(session: Session, name: str, locale: str) -> Customer:
    now = clock.now()
    customer = Customer(
        cin=numbers.cin(), name=name, record={"name": name}, locale=locale, created_at=now
    )
    session.add(customer)
    session.flush()
    return customer


def _contact(customer: Customer, kind: str, value: str, at: datetime | None) -> CustomerContact:
    return CustomerContact(
        customer_id=customer.id, kind=kind, value=value, verified_at=at or clock.now()
    )
