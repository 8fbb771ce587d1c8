"""Time is moved by hand, in one context only."""

from datetime import UTC, datetime, timedelta
from threading import Thread

from engine import clock

MOMENT = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)


def test_frozen_time_stands_still():
    with clock.frozen_at(MOMENT):
        assert clock.now() == clock.now() == MOMENT


def test_time_goes_on_after_the_block():
    with clock.frozen_at(MOMENT):
        pass
    assert clock.now() > MOMENT


def test_moved_time_adds_up():
    before = clock.now()
    with clock.moved_by(timedelta(days=1)), clock.moved_by(timedelta(days=1)):
        assert clock.now() - before >= timedelta(days=2)


def test_another_thread_keeps_its_own_time():
    seen = []
    with clock.frozen_at(MOMENT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] != MOMENT
