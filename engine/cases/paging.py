"""Keyset paging: a page begins after the last row of the one before, whatever came in between."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from engine.errors import InvalidError

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: the moment and identifier of the last row before it."""

    moment: datetime
    id: UUID

    def text(self) -> str:
        """The key as it stands in an address."""
        plain = f"{self.moment.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the key of the next page if there is one."""

    rows: Sequence[Row]
    following: str | None


def read_key(text: str | None) -> Key | None:
    """The key in an address; raises InvalidError for what is none."""
    if not text:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, identifier = plain.split(" ")
        return Key(_aware(datetime.fromisoformat(moment)), UUID(identifier))
    except (ValueError, binascii.Error) as error:
        raise InvalidError("This page of the list does not exist.") from error


def page(rows: Sequence[Row], limit: int, key: Callable[[Row], Key]) -> Page[Row]:
    """The first `limit` of rows that were read with one row to spare."""
    shown = rows[:limit]
    return Page(shown, key(shown[-1]).text() if len(rows) > limit else None)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError
    return moment
