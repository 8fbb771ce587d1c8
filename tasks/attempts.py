"""Doing many things of which any may fail in any way, without ending who does them.

What is attempted runs in a thread of a small pool, and its error is looked at, not caught: so a
mistake in one diagram or module does not stop the scheduler.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

THREADS = 2  # each holds a database connection while it works

Attempt = Callable[[], object]


class Attempts:
    """A pool that outlives the failures in it."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="scheduler")

    def make(self, attempts: Iterable[Attempt]) -> list[BaseException | None]:
        """Make all attempts, in this thread's time, and return their errors in order."""
        running = [self._pool.submit(copy_context().run, attempt) for attempt in attempts]
        return [future.exception() for future in running]

    def close(self) -> None:
        """Wait for what runs and end the threads."""
        self._pool.shutdown()
