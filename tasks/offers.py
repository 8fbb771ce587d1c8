"""Which hints were repeated lately: a queue that nobody empties must not grow for ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Offer:
    next_at: datetime
    pause: timedelta


class Offers:
    """Memory of the sweeper; what is no longer due is forgotten."""

    def __init__(self) -> None:
        self._made: dict[UUID, _Offer] = {}

    def fresh(self, due: Iterable[UUID], now: datetime) -> frozenset[UUID]:
        """Those of `due` to offer now; each time one is offered, its next pause doubles."""
        wanted = set(due)
        self._made = {known: offer for known, offer in self._made.items() if known in wanted}
        chosen = frozenset(
            row for row in wanted if row not in self._made or self._made[row].next_at <= now
        )
        for row in chosen:
            pause = self._made[row].pause * 2 if row in self._made else FIRST
            self._made[row] = _Offer(now + min(pause, LONGEST), min(pause, LONGEST))
        return chosen
