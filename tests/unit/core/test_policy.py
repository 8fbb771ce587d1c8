"""The promise and the ladder, read from the bundle."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import sla
from engine.errors import InvalidError

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TABLE = {
    "promise": "P5D",
    "levels": [
        {"level": 1, "after": "P4D", "group": "team_leaders"},
        {"level": 2, "after": "P5DT12H", "group": "managers"},
    ],
}


def test_a_promise_counts_elapsed_time_and_says_so():
    promise = sla.promise(sla.read_policy(TABLE), START)
    assert promise.due_at == START + timedelta(days=5)
    assert promise.counts == "elapsed"


def test_a_level_begins_after_its_own_time():
    due = sla.level_due(sla.read_policy(TABLE), START, 2)
    assert due == START + timedelta(days=5, hours=12)


def test_a_level_that_is_not_there_is_named():
    with pytest.raises(InvalidError, match="no level 3"):
        sla.level_due(sla.read_policy(TABLE), START, 3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"promise": "five days"}, "sla.promise"),
        ({"promise": "P0D"}, "sla.promise"),
        ({"promise": 5}, "sla.promise"),
        ({"counts": "business days"}, "sla.counts"),
        ({"levels": [{"level": 2, "after": "P1D", "group": "g"}]}, "number the levels"),
        ({"levels": [{"level": 1, "after": "P1D"}]}, "group"),
        (
            {
                "levels": [
                    {"level": 1, "after": "P2D", "group": "g"},
                    {"level": 2, "after": "P1D", "group": "g"},
                ]
            },
            "later",
        ),
    ],
)
def test_a_policy_that_cannot_work_is_refused_by_name(change, message):
    with pytest.raises(InvalidError, match=message):
        sla.read_policy({**TABLE, **change})
