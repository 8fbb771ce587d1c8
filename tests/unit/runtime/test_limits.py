"""No instance grows without end, and none is called complete that is not."""

import json

import pytest

from engine import runtime
from engine.runtime import stepping
from tests.unit.runtime.drawing import (
    boundary,
    end,
    files,
    gateway,
    node,
    process,
    script,
    start,
    timer,
    user,
)
from tests.unit.runtime.driving import Case


def test_a_loop_without_rest_stops_with_its_element_and_count():
    spec = runtime.parse(
        files(
            start(),
            script("count", "n + 1", "n"),
            gateway("more", "end"),
            end(),
            flow="begin > count > more [n > 0]> count; more *> end",
        )
    )
    with pytest.raises(runtime.InstanceTooLargeError, match="coming to rest") as caught:
        Case(spec, {"n": 1})
    assert caught.value.facts["element"] in {"count", "more"}


def test_a_process_that_calls_itself_stops():
    call = node("callActivity", "again", calledElement="main")
    spec = runtime.parse(
        files(
            start(), gateway("g", "end"), call, end(), flow="begin > g [go]> again > end; g *> end"
        )
    )
    with pytest.raises(runtime.InstanceTooLargeError):
        Case(spec, {"go": True})


def test_a_loop_with_a_boundary_timer_goes_on_for_hundreds_of_rounds():
    spec = runtime.parse(
        files(
            start(),
            user("work"),
            boundary("late", "work", timer("PT1H"), interrupting=False),
            user("remind"),
            gateway("more", "end"),
            end(),
            end("e2"),
            flow="begin > work > more [again]> work; more *> end; late > remind > e2",
        )
    )
    case = Case(spec)
    for _ in range(400):
        case.complete("work", again=True)
    assert case.waits() == ["late", "work"]
    assert case.complete("work", again=False).step.completed


def beside():
    fork = gateway("fork", kind="parallelGateway")
    return runtime.parse(
        files(
            start(),
            fork,
            user("still"),
            user("work"),
            gateway("more", "end"),
            end(),
            end("e2"),
            flow="begin > fork > still > e2; fork > work > more [again]> work; more *> end",
        )
    )


def test_a_loop_beside_a_waiting_branch_stops_before_it_ends_silently(monkeypatch):
    monkeypatch.setattr(stepping, "MAX_DEPTH", 150)
    case = Case(beside())
    with pytest.raises(runtime.InstanceTooLargeError, match="sub-process"):
        _rounds(case, 100)


def test_a_hundred_rounds_beside_a_waiting_branch_are_no_problem():
    case = Case(beside())
    _rounds(case, 150)
    assert case.complete("work", again=False).complete("still").step.completed


def test_the_state_of_a_long_row_of_tasks_does_not_grow():
    names = [f"t{number}" for number in range(100)]
    flow = " > ".join(["begin", *names, "end"])
    case = Case(runtime.parse(files(start(), *map(user, names), end(), flow=flow)))
    sizes = []
    for name in names[:-1]:
        sizes.append(len(json.dumps(case.step.state)))
        case.complete(name)
    assert max(sizes) == sizes[0]


def test_a_join_that_can_never_be_reached_is_no_completion():
    spec = runtime.parse(
        files(
            start(),
            gateway("g", "b"),
            user("a"),
            user("b"),
            gateway("join", kind="parallelGateway"),
            end(),
            flow="begin > g [x]> a > join > end; g *> b > join",
        )
    )
    with pytest.raises(runtime.StuckError) as caught:
        Case(spec).complete("b")
    assert "join" in caught.value.facts["elements"]


def test_a_row_too_long_to_look_ahead_is_refused():
    names = [f"t{number}" for number in range(300)]
    bundle = files(start(), *map(user, names), end(), flow=" > ".join(["begin", *names, "end"]))
    assert "long-chain" in {finding.rule for finding in runtime.check(bundle)}


def test_a_row_just_short_enough_runs():
    names = [f"t{number}" for number in range(247)]
    bundle = files(start(), *map(user, names), end(), flow=" > ".join(["begin", *names, "end"]))
    assert Case(runtime.parse(bundle)).waits() == ["t0"]


def test_processes_that_call_each_other_in_a_ring_are_not_a_main_process():
    ring = {
        f"{one}.bpmn": process(
            start(),
            node("callActivity", "c", calledElement=other),
            end(),
            flow="begin > c > end",
            name=one,
        )
        for one, other in (("p", "q"), ("q", "p"))
    }
    assert "several-processes" in {finding.rule for finding in runtime.check(ring)}


def _rounds(case, count):
    for _ in range(count):
        case.complete("work", again=True)
