"""Who a message goes to: the customer, the owner of the case, or everybody of a group."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.templates import Channel
from engine.store import Account, ServiceRequest

CUSTOMER = "customer"
OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Recipient:
    channel: Channel
    address: str


def find(session: Session, request: ServiceRequest, to: str) -> list[Recipient]:
    """Each address once, per channel; colleagues are reached by mail."""
    if to == CUSTOMER:
        return customer(request)
    if to == OWNER:
        return _by_mail(owner(session, request))
    return _by_mail(group(session, to))


def customer(request: ServiceRequest) -> list[Recipient]:
    """Every way the customer can be reached."""
    found = []
    if request.email:
        found.append(Recipient(Channel.MAIL, request.email))
    if request.phone:
        found.append(Recipient(Channel.SMS, request.phone))
        found.append(Recipient(Channel.WHATSAPP, request.phone))
    return found


def owner(session: Session, request: ServiceRequest) -> list[Account]:
    """The one who is accountable for the case, if somebody is."""
    account = session.get(Account, request.owner_id) if request.owner_id else None
    return [account] if account is not None and account.active else []


def group(session: Session, name: str) -> list[Account]:
    """The active accounts of a group."""
    members = select(Account).where(Account.active, Account.groups.contains([name]))
    return list(session.scalars(members.order_by(Account.name)))


def _by_mail(accounts: list[Account]) -> list[Recipient]:
    addresses = sorted({account.email for account in accounts if account.email})
    return [Recipient(Channel.MAIL, address) for address in addresses]
