"""The one source of time: aware, UTC, and movable within a context.

A rehearsal or a test moves the time of its own context; no other thread or request notices.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta] = ContextVar("clock_offset", default=timedelta())
_frozen: ContextVar[datetime | None] = ContextVar("clock_frozen", default=None)


def now() -> datetime:
    """The current moment of this context, aware, in UTC."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    return wall() + _offset.get()


def wall() -> datetime:
    """The machine's own time, which a test of the whole product may replace."""
    return datetime.now(UTC)  # noqa: TID251 -- the one place that may ask


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Let time stand still at `moment` (aware) inside the block."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


@contextmanager
def moved_by(offset: timedelta) -> Iterator[None]:
    """Let time run `offset` ahead of the real time inside the block."""
    token = _offset.set(_offset.get() + offset)
    try:
        yield
    finally:
        _offset.reset(token)
