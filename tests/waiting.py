"""Waiting for what other threads or processes do, with an end."""

import time
from collections.abc import Callable

PATIENCE = 60.0  # seconds
PAUSE = 0.05


def until(reached: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Return as soon as `reached()` is true; fail saying what was waited for."""
    end = time.monotonic() + patience
    while not reached():
        if time.monotonic() > end:
            raise AssertionError(f"Waited {patience} s for {what}.")
        time.sleep(PAUSE)
