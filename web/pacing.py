"""An answer that takes the same time whatever was found: its end is put off to a full step.

Whoever waits holds a thread of the server, so only few may wait at once; who comes when all places
are taken is refused before the work, and learns nothing either. Hold no database connection when
the block ends.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from threading import BoundedSemaphore

from engine.errors import BusyError


@dataclass(frozen=True, slots=True)
class Pace:
    """Steps of time that answers end on, and how many may wait for theirs at once."""

    step: timedelta
    places: BoundedSemaphore
    now: Callable[[], float] = field(default=time.monotonic)
    wait: Callable[[float], None] = field(default=time.sleep)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let the block end on a full step, also when it fails. Raises BusyError at once."""
        if not self.places.acquire(blocking=False):
            raise BusyError
        begun = self.now()
        try:
            yield
        finally:
            try:
                self._wait_since(begun)
            finally:
                self.places.release()

    def _wait_since(self, begun: float) -> None:
        step = self.step.total_seconds()
        self.wait(step - (self.now() - begun) % step)
