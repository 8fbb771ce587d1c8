import pytest

from engine import runtime
from tests.unit.runtime.drawing import (
    boundary,
    end,
    files,
    gateway,
    job,
    message,
    node,
    process,
    script,
    settings,
    start,
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


def test_parallel_branches_meet_again():
    fork, join = gateway("fork", kind="parallelGateway"), gateway("join", kind="parallelGateway")
    spec = spec_of(
        start(),
        fork,
        user("a"),
        user("b"),
        join,
        user("c"),
        end(),
        flow="begin > fork > a > join > c > end; fork > b > join",
    )
    case = Case(spec)
    assert case.waits() == ["a", "b"]
    assert case.complete("a", x=1).waits() == ["b"]
    assert case.complete("b", y=2).waits() == ["c"]
    assert case.variables == {"x": 1, "y": 2}


def test_a_branch_sees_at_once_what_another_wrote():
    fork = gateway("fork", kind="parallelGateway")
    spec = spec_of(
        start(),
        fork,
        user("a"),
        user("b"),
        job("tell", to="who"),
        end(),
        end("e2"),
        flow="begin > fork > a > end; fork > b > tell > e2",
    )
    case = Case(spec).complete("a", who="Ann").complete("b")
    assert case.wait("tell").details["parameters"] == {"to": "Ann"}


def test_an_inclusive_gateway_takes_every_true_branch():
    spec = spec_of(
        start(),
        gateway("g", "c", kind="inclusiveGateway"),
        user("a"),
        user("b"),
        user("c"),
        gateway("j", kind="inclusiveGateway"),
        end(),
        flow="begin > g [n > 1]> a > j > end; g [n > 2]> b > j; g *> c > j",
    )
    assert Case(spec, {"n": 3}).waits() == ["a", "b"]
    assert Case(spec, {"n": 2}).waits() == ["a"]
    assert Case(spec, {"n": 0}).waits() == ["c"]
    assert Case(spec, {"n": 3}).complete("a").complete("b").step.completed


def test_no_condition_that_holds_is_an_error_that_names_the_gateway():
    spec = spec_of(
        start(), gateway("g"), end(), end("e2"), flow="begin > g [x = 1]> end; g [x = 2]> e2"
    )
    with pytest.raises(runtime.ElementError, match="g"):
        Case(spec)


def test_a_script_writes_the_value_of_its_expression():
    spec = spec_of(
        start(), script("sum", "price * 1.19", "gross"), end(), flow="begin > sum > end"
    )
    assert Case(spec, {"price": 100}).variables["gross"] == 119


def test_an_event_gateway_goes_on_with_the_first_event():
    spec = spec_of(
        start(),
        gateway("g", kind="eventBasedGateway"),
        node("intermediateCatchEvent", "paid", message("m")),
        node("intermediateCatchEvent", "late", timer("P1D")),
        user("ship"),
        user("remind"),
        end(),
        flow="begin > g > paid > ship > end; g > late > remind > end",
    )
    case = Case(spec)
    assert case.waits() == ["late", "paid"]
    assert Case(spec).fire("late").waits() == ["remind"]
    assert case.receive("paid", amount=5).waits() == ["ship"]
    assert case.variables == {"amount": 5}


def test_a_message_wait_tells_its_name_and_correlation():
    wait = node(
        "receiveTask",
        "wait",
        settings({"correlation": "number", "resultVariable": "answer"}),
        messageRef="m",
    )
    case = Case(spec_of(start(), wait, end(), flow="begin > wait > end"), {"number": "RN-1"})
    assert case.wait("wait").details == {"message": "paid", "correlation": "RN-1"}
    assert case.receive("wait", text="yes").variables["answer"] == {"text": "yes"}


def test_a_called_process_shares_the_variables():
    other = process(start("s"), user("ask"), end("t"), flow="s > ask > t", name="other")
    call = node("callActivity", "call", calledElement="other")
    spec = spec_of(
        start(),
        call,
        job("tell", to="answer"),
        end(),
        flow="begin > call > tell > end",
        second=other,
    )
    case = Case(spec, {"name": "Ann"}).complete("ask", answer=42)
    assert case.wait("tell").details["parameters"] == {"to": 42}


def test_a_process_of_the_bundle_can_be_chosen():
    other = process(start("s"), user("ask"), end("t"), flow="s > ask > t", name="other")
    call = node("callActivity", "call", calledElement="other")
    bundle = files(start(), call, end(), flow="begin > call > end", second=other)
    assert Case(runtime.parse(bundle, "other")).waits() == ["ask"]


def test_a_process_that_is_not_there_cannot_be_chosen():
    with pytest.raises(runtime.DefinitionError, match="nope"):
        runtime.parse(files(start(), end(), flow="begin > end"), "nope")


def test_a_lane_is_told_with_the_user_task():
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Back office">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    spec = spec_of(
        lanes, start(), user("a", form="f", priority="7"), end(), flow="begin > a > end"
    )
    details = Case(spec).wait("a").details
    assert (details["lane"], details["form"], details["priority"]) == ("Back office", "f", 7)


def test_groups_can_be_an_expression():
    spec = spec_of(
        start(),
        user("a", candidateGroups='if big then ["leads"] else ["clerks"]', assignee="=boss"),
        end(),
        flow="begin > a > end",
    )
    details = Case(spec, {"big": True, "boss": "kim"}).wait("a").details
    assert (details["candidate_groups"], details["assignee"]) == (["leads"], "kim")


def test_what_a_wait_is_about_does_not_change_behind_it():
    fork = gateway("fork", kind="parallelGateway")
    spec = spec_of(
        start(),
        fork,
        user("a"),
        job("tell", to="who"),
        end(),
        end("e2"),
        flow="begin > fork > a > end; fork > tell > e2",
    )
    case = Case(spec, {"who": "Ann"}).complete("a", who="Bob")
    assert case.wait("tell").details["parameters"] == {"to": "Ann"}


def test_the_history_of_a_step_is_in_order():
    spec = spec_of(start(), user("a"), end(), flow="begin > a > end")
    case = Case(spec).complete("a")
    assert [(p.element_id, p.event) for p in case.passages] == [
        ("begin", "entered"),
        ("begin", "completed"),
        ("a", "entered"),
        ("a", "completed"),
        ("end", "entered"),
        ("end", "completed"),
    ]


def test_a_message_beside_the_work_can_come_again_and_again():
    spec = spec_of(
        start(),
        user("work"),
        boundary("note", "work", message("m"), interrupting=False),
        user("read"),
        end(),
        end("e2"),
        flow="begin > work > end; note > read > e2",
    )
    case = Case(spec).receive("note", text="a").receive("note", text="b")
    assert case.waits() == ["note", "read", "read", "work"]
    assert case.variables == {"note": {"text": "b"}}
    case.complete("work").complete("read")
    assert case.waits() == ["read"]
    assert case.complete("read").step.completed


def test_a_message_can_interrupt_the_work():
    spec = spec_of(
        start(),
        user("work"),
        boundary("withdrawn", "work", message("m")),
        user("refund"),
        end(),
        flow="begin > work > end; withdrawn > refund > end",
    )
    case = Case(spec).receive("withdrawn", reason="moved")
    assert (case.waits(), case.variables) == (["refund"], {"reason": "moved"})


def test_a_task_of_no_kind_is_passed_with_a_warning():
    bundle = files(start(), node("task", "a"), end(), flow="begin > a > end")
    assert [finding.rule for finding in runtime.check(bundle)] == ["plain-task"]
    assert Case(runtime.parse(bundle)).step.completed
