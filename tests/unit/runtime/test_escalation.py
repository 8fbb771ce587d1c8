import json
from datetime import timedelta

import pytest

from engine import runtime
from tests.unit.runtime.drawing import (
    boundary,
    end,
    files,
    gateway,
    job,
    node,
    start,
    sub,
    timer,
    user,
)
from tests.unit.runtime.driving import Case

TERMINATE = "<bpmn:terminateEventDefinition/>"
HEAD = '<bpmn:message id="m" name="documents"/>'
LEVELS = {"level": lambda number: timedelta(hours=int(number) * 10)}


WORK = sub(
    "work",
    start("w0"),
    user("verify"),
    gateway("enough", "w1"),
    node("receiveTask", "documents", messageRef="m"),
    end("w1"),
    flow="w0 > verify > enough [more = true]> documents > verify; enough *> w1",
)


def level(number):
    return (
        boundary(f"level_{number}", "work", timer(f"level({number})"), interrupting=False),
        job(f"alert_{number}", "notify", to="name"),
        user(f"explain_{number}"),
        end(f"done_{number}"),
    )


@pytest.fixture(scope="module")
def spec():
    levels = [line for number in (1, 2, 3) for line in level(number)]
    ladders = "; ".join(f"level_{n} > alert_{n} > explain_{n} > done_{n}" for n in (1, 2, 3))
    flow = f"h0 > work > resolved; {ladders}"
    handling = sub("handling", start("h0"), WORK, *levels, end("resolved", TERMINATE), flow=flow)
    whole = "begin > handling > after > end"
    return runtime.parse(files(start(), handling, user("after"), end(), head=HEAD, flow=whole))


def case_of(spec):
    return Case(spec, {"name": "Ann"}, LEVELS)


def test_the_work_waits_beside_its_three_levels(spec):
    assert case_of(spec).waits() == ["level_1", "level_2", "level_3", "verify"]


def test_a_level_leads_to_its_own_work_beside_the_main_work(spec):
    case = case_of(spec).fire("level_1")
    assert case.waits() == ["alert_1", "level_2", "level_3", "verify"]


def test_all_levels_can_be_open_at_once(spec):
    case = case_of(spec).fire("level_1").complete("alert_1").fire("level_2").fire("level_3")
    assert case.waits() == ["alert_2", "alert_3", "explain_1", "verify"]


def test_the_end_of_the_work_cancels_what_is_open_of_the_escalation(spec):
    case = case_of(spec).fire("level_1").complete("alert_1").fire("level_2")
    case.complete("verify", verified=True)
    assert (case.waits(), case.events("cancelled")) == (["after"], ["alert_2", "explain_1"])


def test_what_the_work_wrote_is_there_afterwards(spec):
    case = case_of(spec).fire("level_1").complete("verify", verified=True)
    assert case.step.variables["verified"] is True


def test_a_side_branch_loses_nothing_and_overwrites_nothing(spec):
    case = case_of(spec).fire("level_1").complete("alert_1").complete("explain_1", reason="late")
    case.complete("verify", reason="fine")
    assert case.step.variables["reason"] == "fine"
    assert case.step.variables["level_1"] == {"reason": "late"}


def test_what_a_cancelled_side_branch_wrote_stays(spec):
    case = case_of(spec).fire("level_1").complete("alert_1", sent=3).complete("verify")
    assert case.step.variables["level_1"] == {"sent": 3}


def test_the_case_ends_after_the_handling(spec):
    case = case_of(spec).fire("level_3").complete("verify").complete("after")
    assert (case.step.completed, case.step.end_events) == (True, ("end",))


def test_a_hundred_and_fifty_rounds_keep_the_state_small(spec):
    case = case_of(spec)
    case.complete("verify", more=True).receive("documents", round=0)
    size = len(json.dumps(case.step.state))
    for number in range(150):
        case.complete("verify", more=True).receive("documents", round=number)
    case.complete("verify", more=False)
    assert case.waits() == ["after"]
    assert len(json.dumps(case.step.state)) < size * 1.5
