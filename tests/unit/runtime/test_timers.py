from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine import clock, runtime
from engine.runtime import moments
from tests.unit.runtime.drawing import boundary, end, files, node, start, timer, user
from tests.unit.runtime.driving import Case

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


def with_timer(expression, kind="timeDuration", *, interrupting=True):
    return runtime.parse(
        files(
            start(),
            user("work"),
            boundary("late", "work", timer(expression, kind), interrupting=interrupting),
            user("remind"),
            end(),
            end("e2"),
            flow="begin > work > end; late > remind > e2",
        )
    )


def due(expression, kind="timeDuration", variables=None, functions=None):
    with clock.frozen_at(NOON):
        case = Case(with_timer(expression, kind), variables, functions)
    return case.wait("late").details["due_at"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("PT1H", "2026-03-28T13:00:00+00:00"),
        ("P1M", "2026-04-28T12:00:00+00:00"),
        ("P2W", "2026-04-11T12:00:00+00:00"),
        ("2026-05-01T10:00:00+02:00", "2026-05-01T08:00:00+00:00"),
        ("2026-05-01", "2026-05-01T00:00:00+00:00"),
        ('duration("PT2H")', "2026-03-28T14:00:00+00:00"),
        ('="PT3H"', "2026-03-28T15:00:00+00:00"),
        ('date and time("2026-05-01T10:00:00Z") + duration("P1D")', "2026-05-02T10:00:00+00:00"),
        ("promised", "2026-06-01T00:00:00+00:00"),
    ],
)
def test_a_timer_takes_feel_and_bare_iso_8601(expression, expected):
    assert due(expression, variables={"promised": "2026-06-01T00:00:00Z"}) == expected


def test_a_given_function_answers_a_timer_with_a_moment():
    when = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert due("level(2)", functions={"level": lambda _: when}) == "2026-07-01T03:30:00+00:00"


def test_a_timer_that_gives_no_moment_names_its_element():
    with pytest.raises(runtime.ElementError, match="late"):
        due("nothing_known")


def test_a_timer_tells_where_it_sits():
    details = Case(with_timer("PT1H")).wait("late").details
    assert (details["attached_to"], details["interrupting"], details["cycle"]) == (
        "work",
        True,
        False,
    )


def test_an_interrupting_timer_ends_its_activity():
    case = Case(with_timer("PT1H")).fire("late")
    assert (case.waits(), case.events("cancelled")) == (["remind"], ["work"])


def test_a_non_interrupting_timer_adds_work():
    case = Case(with_timer("PT1H", interrupting=False)).fire("late")
    assert case.waits() == ["remind", "work"]


def test_a_timer_disarmed_with_its_activity_leaves_no_trace():
    case = Case(with_timer("PT1H")).complete("work")
    assert (case.step.completed, case.events("cancelled")) == (True, [])


def test_a_moved_timer_keeps_its_new_moment():
    case = Case(with_timer("PT1H")).redue("late", datetime(2027, 1, 1, tzinfo=UTC))
    assert case.wait("late").details["due_at"] == "2027-01-01T00:00:00+00:00"


def test_a_moved_timer_keeps_its_token():
    case = Case(with_timer("PT1H"))
    token = case.wait("late").token_id
    assert case.redue("late", NOON).wait("late").token_id == token


def test_a_cycle_fires_round_after_round():
    with clock.frozen_at(NOON):
        case = Case(with_timer("R/PT10M", "timeCycle", interrupting=False))
    with clock.frozen_at(NOON + timedelta(minutes=10)):
        case.fire("late")
    assert case.wait("late").details["due_at"] == "2026-03-28T12:20:00+00:00"
    assert case.waits() == ["late", "remind", "work"]


def test_missed_rounds_of_a_cycle_collapse_into_one():
    with clock.frozen_at(NOON):
        case = Case(with_timer("R/PT10M", "timeCycle", interrupting=False))
    with clock.frozen_at(NOON + timedelta(minutes=57)):
        case.fire("late")
    assert case.wait("late").details["due_at"] == "2026-03-28T13:00:00+00:00"
    assert case.waits().count("remind") == 1


def test_a_cycle_ends_with_its_last_round_missed_ones_counted():
    with clock.frozen_at(NOON):
        case = Case(with_timer("R3/PT10M", "timeCycle", interrupting=False))
    with clock.frozen_at(NOON + timedelta(minutes=25)):
        case.fire("late")
    with clock.frozen_at(NOON + timedelta(minutes=30)):
        case.fire("late")
    assert case.waits() == ["remind", "remind", "work"]


def test_running_rounds_of_a_cycle_outlive_the_activity():
    case = Case(with_timer("R/PT10M", "timeCycle", interrupting=False)).fire("late")
    case.complete("work")
    assert case.waits() == ["remind"]
    assert case.complete("remind").step.completed


def test_months_of_a_cycle_follow_the_calendar():
    rounds = moments.resumed(["2026-01-31T12:00:00+00:00", "P1M", None, 0])
    with clock.frozen_at(datetime(2026, 3, 15, tzinfo=UTC)):
        assert rounds.next().due_at == datetime(2026, 3, 31, 12, tzinfo=UTC)


def test_an_intermediate_timer_goes_on_when_it_fires():
    spec = runtime.parse(
        files(
            start(),
            node("intermediateCatchEvent", "pause", timer("PT1H")),
            user("work"),
            end(),
            flow="begin > pause > work > end",
        )
    )
    assert Case(spec).fire("pause").waits() == ["work"]


def test_a_user_task_is_no_timer():
    case = Case(with_timer("PT1H"))
    with pytest.raises(runtime.NotWaitingError):
        runtime.fire(case.spec, case.step.state, case.wait("work").token_id, {})
