"""Which pages an account's roles open, in the order of the bar."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from engine.people.roles import WORKERS, Role
from engine.store import Account

READERS = WORKERS | {Role.AUDITOR}
OPERATORS = frozenset({Role.OPERATOR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the bar."""

    text: str
    address: str
    part: str  # the blueprint that is lit while this place is open


def places(account: Account | None) -> list[Place]:
    """Where this account may go."""
    held = set(account.roles) if account else set()
    found = []
    if held & WORKERS:
        found.append(Place(_("Inbox"), url_for("inbox.mine"), "inbox"))
    elif held & READERS:
        found.append(Place(_("Requests"), url_for("inbox.search"), "inbox"))
    if held & OPERATORS:
        found.append(Place(_("Operations"), url_for("operations.home"), "operations"))
    return found
