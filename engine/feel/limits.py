"""How much one evaluation may take: steps, sizes, depth and wall time.

Every loop, call and copy pays with `spend`; an evaluation inside another one pays from the
same purse, so that nesting buys nothing.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from engine.feel.errors import FeelLimitError

MAX_SOURCE = 20_000  # characters of an expression
MAX_NESTING = 60  # brackets, ifs and functions inside each other
MAX_STEPS = 500_000
MAX_CALLS = 80  # functions of the expression that call each other
MAX_ITEMS = 100_000  # of one list
MAX_TEXT = 1_000_000  # characters of one string
MAX_DEPTH = 100  # of a value handed in or out
TEXT_PER_STEP = 16  # characters that cost one step
DEADLINE = timedelta(seconds=5)
PATTERN_TIME = timedelta(seconds=1)
MAX_PATTERN = 1_000
_CHUNK = 1_000  # steps between two looks at the clock


class Meter:
    """The purse of one evaluation."""

    __slots__ = ("chunk", "deadline", "depth", "steps")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.chunk = _CHUNK
        self.depth = 0
        self.deadline = 0.0

    def refill(self) -> None:
        """Take the next chunk of steps, if there are any left and it is not too late."""
        self.steps -= _CHUNK - self.chunk
        self.chunk = _CHUNK
        now = time.monotonic()
        self.deadline = self.deadline or now + DEADLINE.total_seconds()
        if self.steps <= 0 or now > self.deadline:
            raise FeelLimitError("The expression takes too many steps.")


_meter: ContextVar[Meter | None] = ContextVar("feel_meter", default=None)


@contextmanager
def metered() -> Iterator[None]:
    """Give the block a purse of its own, unless it runs inside a metered one."""
    if _meter.get() is not None:
        yield
        return
    token = _meter.set(Meter())
    try:
        yield
    except RecursionError as error:
        raise FeelLimitError("The expression is nested too deeply.") from error
    finally:
        _meter.reset(token)


def spend(steps: int = 1) -> None:
    """Pay for `steps`; FeelLimitError when the purse is empty. Free outside an evaluation."""
    meter = _meter.get()
    if meter is None:
        return
    meter.chunk -= steps
    if meter.chunk < 0:
        meter.refill()


def spend_text(length: int) -> None:
    """Pay for a string of `length` characters before it is made."""
    if length > MAX_TEXT:
        raise FeelLimitError("A text becomes too long.")
    spend(1 + length // TEXT_PER_STEP)


def spend_items(count: int) -> None:
    """Pay for a list of `count` items before it is made."""
    if count > MAX_ITEMS:
        raise FeelLimitError("A list becomes too long.")
    spend(1 + count)


@contextmanager
def calling() -> Iterator[None]:
    """Count one function of the expression as running inside the others."""
    meter = _meter.get()
    if meter is None:
        yield
        return
    meter.depth += 1
    try:
        if meter.depth > MAX_CALLS:
            raise FeelLimitError("Functions call each other too deeply.")
        yield
    finally:
        meter.depth -= 1
