import pytest

from engine import runtime
from tests.unit.runtime.drawing import (
    boundary,
    end,
    error,
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

HEAD = (
    '<bpmn:message id="m" name="paid"/><bpmn:error id="e" errorCode="E1"/>'
    '<bpmn:error id="other" errorCode="E2"/><bpmn:escalation id="up" escalationCode="UP"/>'
)
TERMINATE = "<bpmn:terminateEventDefinition/>"
ESCALATE = '<bpmn:escalationEventDefinition escalationRef="up"/>'


def spec_of(*lines, flow, **others):
    return runtime.parse(files(*lines, flow=flow, head=HEAD, **others))


def test_an_error_reaches_the_handler_of_its_code_before_that_of_all():
    spec = spec_of(
        start(),
        job("pay"),
        boundary("any", "pay", error()),
        boundary("one", "pay", error("e")),
        user("a"),
        user("b"),
        end(),
        flow="begin > pay > end; any > a > end; one > b > end",
    )
    assert Case(spec).fail("pay", "E1").waits() == ["b"]
    assert Case(spec).fail("pay", "E9").waits() == ["a"]


def test_an_error_is_a_passage_and_a_variable():
    spec = spec_of(
        start(),
        job("pay"),
        boundary("any", "pay", error()),
        user("a"),
        end(),
        flow="begin > pay > end; any > a > end",
    )
    case = Case(spec).fail("pay", "E1")
    assert case.events("error") == ["pay"]
    assert case.variables["error"] == {"code": "E1", "message": "because", "element": "pay"}


def test_an_error_nobody_catches_is_told_with_its_code():
    spec = spec_of(start(), job("pay"), end(), flow="begin > pay > end")
    with pytest.raises(runtime.UncaughtBpmnError) as caught:
        Case(spec).fail("pay", "E1")
    assert caught.value.facts["error_code"] == "E1"


def test_an_error_leaves_a_parallel_sibling_with_the_same_handler_alone():
    fork = gateway("fork", kind="parallelGateway")
    part = ("start_{0}", "pay_{0}", "stop_{0}")
    parts = [
        sub(
            f"sub_{n}",
            start(part[0].format(n)),
            job(part[1].format(n)),
            end(part[2].format(n)),
            flow=" > ".join(part).format(n),
        )
        for n in (1, 2)
    ]
    spec = spec_of(
        start(),
        fork,
        *parts,
        boundary("b1", "sub_1", error("e")),
        boundary("b2", "sub_2", error("e")),
        user("fix"),
        end(),
        flow="begin > fork > sub_1 > end; fork > sub_2 > end; b1 > fix > end; b2 > end",
    )
    case = Case(spec).fail("pay_1", "E1")
    assert (case.waits(), case.events("cancelled")) == (["fix", "pay_2"], ["sub_1"])


def test_an_error_end_event_ends_the_sub_process_around_it():
    inner = sub(
        "inner",
        start("s"),
        gateway("fork", kind="parallelGateway"),
        user("slow"),
        user("check"),
        end("fine"),
        end("bad", error("e")),
        flow="s > fork > slow > fine; fork > check > bad",
    )
    spec = spec_of(
        start(),
        inner,
        boundary("caught", "inner", error("e")),
        user("fix"),
        end(),
        flow="begin > inner > end; caught > fix > end",
    )
    case = Case(spec).complete("check")
    assert (case.waits(), case.events("cancelled")) == (["fix"], ["inner", "slow"])


def test_an_escalation_adds_work_and_goes_on():
    inner = sub(
        "inner",
        start("s"),
        node("intermediateThrowEvent", "shout", ESCALATE),
        user("go_on"),
        end("t"),
        flow="s > shout > go_on > t",
    )
    spec = spec_of(
        start(),
        inner,
        boundary("heard", "inner", ESCALATE, interrupting=False),
        user("help"),
        end(),
        end("e2"),
        flow="begin > inner > end; heard > help > e2",
    )
    assert Case(spec).waits() == ["go_on", "help"]


def test_a_terminate_end_event_ends_only_its_sub_process():
    inner = sub(
        "inner",
        start("s"),
        gateway("fork", kind="parallelGateway"),
        user("a"),
        user("b"),
        end("ta", TERMINATE),
        end("tb"),
        flow="s > fork > a > ta; fork > b > tb",
    )
    outer = gateway("outer", kind="parallelGateway")
    spec = spec_of(
        start(),
        outer,
        inner,
        user("beside"),
        user("after"),
        end(),
        end("e2"),
        flow="begin > outer > inner > after > end; outer > beside > e2",
    )
    case = Case(spec).complete("a")
    assert (case.waits(), case.events("cancelled")) == (["after", "beside"], ["b"])


def test_a_timer_on_a_sub_process_cancels_all_inside_at_any_depth():
    deep = sub("deep", start("s2"), user("a"), end("t2"), flow="s2 > a > t2")
    inner = sub("inner", start("s"), deep, end("t"), flow="s > deep > t")
    spec = spec_of(
        start(),
        inner,
        boundary("late", "inner", timer("PT1H")),
        user("fix"),
        end(),
        flow="begin > inner > end; late > fix > end",
    )
    case = Case(spec).fire("late")
    assert (case.waits(), case.events("cancelled")) == (["fix"], ["a", "deep", "inner"])


def test_an_error_end_event_tells_its_handler_what_happened():
    inner = sub("inner", start("s"), end("bad", error("e")), flow="s > bad")
    spec = spec_of(
        start(),
        inner,
        boundary("caught", "inner", error()),
        job("tell", to="error.code"),
        end(),
        flow="begin > inner > end; caught > tell > end",
    )
    assert Case(spec).wait("tell").details["parameters"] == {"to": "E1"}


def test_an_error_nobody_catches_stops_the_step():
    inner = sub("inner", start("s"), end("bad", error("e")), flow="s > bad")
    with pytest.raises(runtime.UncaughtBpmnError) as caught:
        Case(spec_of(start(), inner, end(), flow="begin > inner > end"))
    assert caught.value.facts["element"] == "bad"
