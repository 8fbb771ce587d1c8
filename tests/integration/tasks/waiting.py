"""Waiting for what another thread or process does, with an end."""

import time
from threading import Event

LIMIT = 20.0  # seconds
PAUSE = 0.02


def wait_until(is_so, complaint="it did not happen"):
    """Return as soon as it is so; fail after a while."""
    deadline = time.monotonic() + LIMIT
    never = Event()
    while not is_so():
        assert time.monotonic() < deadline, complaint
        never.wait(PAUSE)
