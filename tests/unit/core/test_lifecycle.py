"""States move only along the table."""

import pytest

from engine import lifecycle
from engine.errors import IllegalMoveError
from engine.lifecycle import JobState, RequestStatus, UserTaskState


def test_a_legal_move_gives_the_target():
    assert lifecycle.move(UserTaskState.CREATED, UserTaskState.CLAIMED) is UserTaskState.CLAIMED


def test_an_illegal_move_names_both_states():
    with pytest.raises(IllegalMoveError, match="completed cannot become claimed"):
        lifecycle.move(UserTaskState.COMPLETED, UserTaskState.CLAIMED)


@pytest.mark.parametrize("states", lifecycle.MOVES)
def test_the_table_names_only_states_that_exist(states):
    values = {state.value for state in states}
    for source, targets in lifecycle.MOVES[states].items():
        assert {source, *targets} <= values


@pytest.mark.parametrize("end", [JobState.COMPLETED, JobState.CANCELLED])
def test_a_finished_job_stays_finished(end):
    assert end.value not in lifecycle.MOVES[JobState]


def test_a_closed_request_can_only_be_reopened():
    assert lifecycle.MOVES[RequestStatus]["closed"] == {"reopened"}
