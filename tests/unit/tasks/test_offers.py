"""The sweeper's memory."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from tasks.offers import FIRST, LONGEST, Offers

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_what_is_due_is_offered_once():
    offers, row = Offers(), uuid4()
    assert offers.fresh([row], NOW) == {row}
    assert offers.fresh([row], NOW + FIRST / 2) == frozenset()


def test_each_pause_is_twice_the_one_before():
    offers, row = Offers(), uuid4()
    offers.fresh([row], NOW)
    assert offers.fresh([row], NOW + FIRST) == {row}
    assert offers.fresh([row], NOW + FIRST * 2) == frozenset()
    assert offers.fresh([row], NOW + FIRST * 3) == {row}


def test_a_pause_has_an_end():
    offers, row, now = Offers(), uuid4(), NOW
    for _ in range(20):
        assert offers.fresh([row], now) == {row}
        now += LONGEST


def test_what_was_taken_up_is_forgotten():
    offers, row = Offers(), uuid4()
    offers.fresh([row], NOW)
    offers.fresh([], NOW)
    assert offers.fresh([row], NOW + timedelta(seconds=1)) == {row}
