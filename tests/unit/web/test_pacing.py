"""Answers end on full steps of time, by a clock that the test moves."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest

from engine.errors import BusyError
from web.pacing import Pace


class Watch:
    """A monotonic clock that only goes on when somebody works or waits."""

    def __init__(self) -> None:
        self.moment = 100.0

    def now(self) -> float:
        return self.moment

    def go_on(self, seconds: float) -> None:
        self.moment += seconds


def pace(watch: Watch, places: int = 1) -> Pace:
    step = timedelta(milliseconds=250)
    return Pace(step, BoundedSemaphore(places), watch.now, watch.go_on)


@pytest.mark.parametrize(
    ("work", "answered"), [(0.0, 0.25), (0.004, 0.25), (0.2499, 0.25), (0.26, 0.5), (1.1, 1.25)]
)
def test_quick_and_slow_work_end_on_the_same_step(work, answered):
    watch = Watch()
    with pace(watch).kept():
        watch.go_on(work)
    assert watch.moment == pytest.approx(100 + answered)


def test_work_that_fails_takes_as_long():
    watch = Watch()
    with pytest.raises(LookupError), pace(watch).kept():
        raise LookupError
    assert watch.moment == pytest.approx(100.25)


def test_who_comes_when_all_places_are_taken_is_refused_at_once():
    watch = Watch()
    kept = pace(watch)
    with kept.kept():
        with pytest.raises(BusyError), kept.kept():
            pass
        assert watch.moment == 100
    with kept.kept():
        pass  # the place is free again
