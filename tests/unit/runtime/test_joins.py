"""Joins count tokens, not history: rounds and loops do not borrow each other's arrivals."""

import pytest

from engine import runtime
from tests.unit.runtime.drawing import boundary, end, files, gateway, start, timer, user
from tests.unit.runtime.driving import Case

KINDS = ["parallelGateway", "inclusiveGateway"]


def looping(kind):
    return runtime.parse(
        files(
            start(),
            gateway("again", kind="exclusiveGateway"),
            gateway("fork", kind="parallelGateway"),
            user("a"),
            user("b"),
            gateway("join", kind=kind),
            gateway("more", "end"),
            end(),
            flow="begin > again > fork > a > join > more [loop]> again; fork > b > join;"
            " more *> end",
        )
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_join_in_a_loop_waits_in_every_round(kind):
    case = Case(looping(kind))
    for _ in range(5):
        assert case.complete("a").waits() == ["b"]
        assert case.complete("b", loop=True).waits() == ["a", "b"]
    assert case.complete("b").complete("a", loop=False).step.completed


def rounds():
    return runtime.parse(
        files(
            start(),
            user("work"),
            boundary("weekly", "work", timer("R/P7D", "timeCycle"), interrupting=False),
            gateway("fork", kind="parallelGateway"),
            user("a"),
            user("b"),
            gateway("join", kind="parallelGateway"),
            user("c"),
            end(),
            end("e2"),
            flow="begin > work > end; weekly > fork > a > join > c > e2; fork > b > join",
        )
    )


def test_a_round_does_not_take_the_arrivals_of_the_one_before():
    case = Case(rounds()).fire("weekly").complete("a").complete("b").fire("weekly")
    assert case.waits() == ["a", "b", "c", "weekly", "work"]
    assert case.complete("a").waits() == ["b", "c", "weekly", "work"]
    assert case.complete("b").waits() == ["c", "c", "weekly", "work"]


def test_two_tokens_of_one_flow_do_not_make_a_join_go_on():
    case = Case(rounds()).fire("weekly").fire("weekly").complete("a").complete("a")
    assert case.waits() == ["b", "b", "weekly", "work"]


def test_an_inclusive_join_waits_no_longer_than_tokens_can_come():
    spec = runtime.parse(
        files(
            start(),
            gateway("fork", kind="parallelGateway"),
            user("a"),
            user("b"),
            gateway("turn", "join", kind="exclusiveGateway"),
            gateway("join", kind="inclusiveGateway"),
            user("c"),
            end(),
            end("away"),
            flow="begin > fork > a > join > c > end; fork > b > turn [leave]> away; turn *> join",
        )
    )
    assert Case(spec).complete("a").waits() == ["b"]
    assert Case(spec).complete("a").complete("b", leave=True).waits() == ["c"]
    assert Case(spec).complete("a").complete("b", leave=False).waits() == ["c"]


def test_flows_from_a_fork_straight_to_its_join_count_each():
    spec = runtime.parse(
        files(
            start(),
            gateway("fork", kind="parallelGateway"),
            user("a"),
            gateway("join", kind="parallelGateway"),
            end(),
            flow="begin > fork > join > end; fork > a > join",
        )
    )
    case = Case(spec)
    assert case.waits() == ["a"]
    assert case.complete("a").step.completed


def test_tokens_left_at_a_join_go_on_by_themselves():
    spec = runtime.parse(
        files(
            start(),
            user("work"),
            boundary("weekly", "work", timer("R/P7D", "timeCycle"), interrupting=False),
            gateway("fork", "a", kind="inclusiveGateway"),
            user("a"),
            user("b"),
            gateway("join", kind="inclusiveGateway"),
            end(),
            end("e2"),
            flow="begin > work > end; weekly > fork *> a > join > e2; fork [never]> b > join",
        )
    )
    case = Case(spec)
    for _ in range(4):
        case.fire("weekly")
    case.complete("work").complete("a").complete("a").complete("a")
    assert case.complete("a").step.completed
