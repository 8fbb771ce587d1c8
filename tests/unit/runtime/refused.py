"""Diagrams that the engine would misread, each with the rule that refuses it."""

from engine import runtime
from engine.findings import Severity
from tests.unit.runtime.drawing import (
    boundary,
    end,
    error,
    files,
    gateway,
    job,
    message,
    node,
    process,
    script,
    settings,
    start,
    sub,
    timer,
    user,
)

OK = "begin > a > end"
NAMES = '<bpmn:message id="m" name="paid"/><bpmn:error id="e" errorCode="E1"/>'
LOOP = "<bpmn:multiInstanceLoopCharacteristics>{}</bpmn:multiInstanceLoopCharacteristics>"
STANDARD = "<bpmn:standardLoopCharacteristics {}/>"


def rules(bundle):
    return {f.rule for f in runtime.check(bundle) if f.severity is Severity.ERROR}


def one(element, flow=OK):
    return files(start(), element, end(), flow=flow, head=NAMES)


def event(inner, kind="intermediateCatchEvent"):
    return one(node(kind, "a", inner))


def beside(event_inner, *, interrupting=True, rest="b > end"):
    return files(
        start(),
        user("a"),
        boundary("b", "a", event_inner, interrupting=interrupting),
        end(),
        head=NAMES,
        flow=f"{OK}; {rest}",
    )


def called_operator(name):
    return (
        "<bpmn:extensionElements>"
        f'<spiffworkflow:serviceTaskOperator id="{name}"/></bpmn:extensionElements>'
    )


REFUSED = {
    "link catch": (event("<bpmn:linkEventDefinition/>"), "unsupported-event"),
    "link throw": (
        event("<bpmn:linkEventDefinition/>", "intermediateThrowEvent"),
        "unsupported-event",
    ),
    "compensation throw": (
        event("<bpmn:compensateEventDefinition/>", "intermediateThrowEvent"),
        "unsupported-event",
    ),
    "compensation end": (
        files(start(), end("end", "<bpmn:compensateEventDefinition/>"), flow="begin > end"),
        "unsupported-event",
    ),
    "signal end": (
        files(start(), end("end", "<bpmn:signalEventDefinition/>"), flow="begin > end"),
        "unsupported-event",
    ),
    "compensation boundary": (beside("<bpmn:compensateEventDefinition/>"), "unsupported-event"),
    "conditional catch": (event("<bpmn:conditionalEventDefinition/>"), "unsupported-event"),
    "message throw": (event(message("m"), "intermediateThrowEvent"), "unsupported-event"),
    "timer start": (
        files(node("startEvent", "begin", timer("PT1H")), end(), flow="begin > end"),
        "unsupported-event",
    ),
    "shared definition": (
        event("<bpmn:eventDefinitionRef>x</bpmn:eventDefinitionRef>"),
        "event-definition-ref",
    ),
    "two definitions": (event(timer("PT1H") + message("m")), "several-events"),
    "catch of nothing": (event(""), "missing-event"),
    "event sub-process": (
        one(
            node(
                "subProcess",
                "a",
                '<bpmn:startEvent id="s"/><bpmn:endEvent id="t"/>'
                '<bpmn:sequenceFlow id="st" sourceRef="s" targetRef="t"/>',
                triggeredByEvent="true",
            )
        ),
        "event-sub-process",
    ),
    "complex gateway": (one(node("complexGateway", "a")), "unsupported-element"),
    "transaction": (one(node("transaction", "a")), "unsupported-element"),
    "ad hoc": (one(node("adHocSubProcess", "a")), "unsupported-element"),
    "global script task": (
        files(start(), end(), flow="begin > end", head='<bpmn:globalScriptTask id="g"/>'),
        "unsupported-element",
    ),
    "instantiating receive task": (
        one(node("receiveTask", "a", instantiate="true", messageRef="m")),
        "instantiate",
    ),
    "receive task of no message": (one(node("receiveTask", "a")), "missing-message"),
    "unknown message": (event(message("nope")), "unknown-reference"),
    "unknown error": (beside(error("nope")), "unknown-reference"),
    "error end without code": (
        files(start(), end("end", error()), flow="begin > end"),
        "missing-code",
    ),
    "non-interrupting error": (beside(error("e"), interrupting=False), "error-interrupts"),
    "boundary on nothing": (
        files(start(), boundary("b", "zzz", timer("PT1H")), end(), flow="begin > end; b > end"),
        "boundary-host",
    ),
    "start quantity": (one(node("userTask", "a", startQuantity="2")), "quantity"),
    "completion quantity": (one(node("userTask", "a", completionQuantity="0")), "quantity"),
    "compensation handler": (one(node("userTask", "a", isForCompensation="true")), "compensation"),
    "activity with two flows": (
        files(start(), user("a"), end(), end("e2"), flow="begin > a > end; a > e2"),
        "implicit-split",
    ),
    "negative loop maximum": (
        one(user("a", STANDARD.format('loopMaximum="-1"'))),
        "repetition",
    ),
    "endless standard loop": (one(user("a", STANDARD.format(""))), "repetition"),
    "negative cardinality": (
        one(user("a", LOOP.format("<bpmn:loopCardinality>-3</bpmn:loopCardinality>"))),
        "repetition",
    ),
    "repetition over nothing": (one(user("a", LOOP.format(""))), "repetition"),
    "service task without operator": (one(node("serviceTask", "a")), "missing-operator"),
    "send task without operator": (
        one(node("sendTask", "a", messageRef="m")),
        "missing-operator",
    ),
    "operator named as an element": (one(job("a", "begin")), "operator-id"),
    "start event named Start": (
        files(start("Start"), end(), flow="Start > end"),
        "reserved-id",
    ),
    "no start event": (files(user("a"), end(), flow="a > end"), "no-start-event"),
    "two start events": (
        files(start(), start("b2"), end(), flow="begin > end; b2 > end"),
        "several-start-events",
    ),
    "sub-process without start": (
        one(sub("a", user("u"), end("t"), flow="u > t")),
        "no-start-event",
    ),
    "duplicate ids": (files(start(), user("a"), user("a"), end(), flow=OK), "duplicate-id"),
    "id missing": (one(node("userTask", "")), "missing-id"),
    "id with a colon": (one(user("a:b"), "begin > a:b > end"), "invalid-id"),
    "flow into nothing": (one(user("a"), "begin > a > end; begin > zzz"), "dangling-flow"),
    "flow into a sub-process": (
        one(sub("a", start("s"), user("u"), end("t"), flow="s > u > t"), f"{OK}; begin > u"),
        "dangling-flow",
    ),
    "dead end": (files(start(), user("a"), end(), flow="begin > a"), "dead-end"),
    "unreachable": (files(start(), user("a"), end(), flow="begin > end; a > end"), "unreachable"),
    "loop without a way out": (
        files(start(), user("a"), user("b"), end(), flow="begin > a > b > a"),
        "endless",
    ),
    "flow without condition": (
        files(start(), gateway("a"), end(), end("e2"), flow=f"{OK}; a [x = 1]> e2"),
        "missing-condition",
    ),
    "condition behind a task": (one(user("a"), "begin > a [x]> end"), "ignored-condition"),
    "default that leaves elsewhere": (
        files(start(), gateway("a", "zzz"), end(), flow=OK),
        "default-flow",
    ),
    "broken condition": (
        files(
            start(), gateway("a", "e2"), end(), end("e2"), flow="begin > a [x >> 1]> end; a *> e2"
        ),
        "feel-syntax",
    ),
    "Python in a condition": (
        files(
            start(),
            gateway("a", "e2"),
            end(),
            end("e2"),
            flow="begin > a [().__class__.__bases__]> end; a *> e2",
        ),
        "feel-syntax",
    ),
    "broken parameter": (one(job("a", to="1 +")), "feel-syntax"),
    "broken script": (one(script("a", "for x in", "y")), "feel-syntax"),
    "Python script": (
        one(
            node(
                "scriptTask",
                "a",
                settings({"resultVariable": "x"}) + "<bpmn:script>1</bpmn:script>",
                scriptFormat="python",
            )
        ),
        "script-format",
    ),
    "script without result": (one(script("a", "1")), "result-variable"),
    "pre-script": (
        one(
            node(
                "userTask",
                "a",
                "<bpmn:extensionElements><spiffworkflow:preScript>import os"
                "</spiffworkflow:preScript></bpmn:extensionElements>",
            )
        ),
        "pre-script",
    ),
    "timer without time": (event("<bpmn:timerEventDefinition/>"), "timer-without-time"),
    "timer that is no duration": (event(timer("P1H")), "timer-syntax"),
    "cron": (event(timer("0 0/5 * * * ?")), "timer-syntax"),
    "interrupting cycle": (beside(timer("R3/PT10M", "timeCycle")), "timer-cycle"),
    "cycle of a second": (
        beside(timer("R/PT1S", "timeCycle"), interrupting=False),
        "timer-syntax",
    ),
    "form with a path": (one(user("a", form="../../etc/passwd")), "form"),
    "broken groups": (one(user("a", candidateGroups="[1,")), "feel-syntax"),
    "rule task without decision": (one(node("businessRuleTask", "a")), "missing-decision"),
    "call of nothing": (one(node("callActivity", "a")), "missing-process"),
    "call of an unknown process": (
        one(node("callActivity", "a", calledElement="other")),
        "unknown-process",
    ),
    "task behind an event gateway": (
        files(
            start(),
            gateway("g", kind="eventBasedGateway"),
            user("a"),
            end(),
            flow="begin > g > a > end",
        ),
        "event-gateway",
    ),
    "join with a side branch": (
        files(
            start(),
            user("a"),
            boundary("b", "a", timer("PT1H"), interrupting=False),
            gateway("j", kind="parallelGateway"),
            end(),
            flow="begin > a > j > end; b > j",
        ),
        "side-branch-join",
    ),
    "no process": ({"a.bpmn": process().replace(b"bpmn:process", b"bpmn:group")}, "no-process"),
    "two main processes": (
        {
            "a.bpmn": process(start(), end(), flow="begin > end", name="p1"),
            "b.bpmn": process(start(), end(), flow="begin > end", name="p2"),
        },
        "several-processes",
    ),
    "one process twice": (
        {
            "a.bpmn": process(start(), end(), flow="begin > end", name="p1"),
            "b.bpmn": process(start(), end(), flow="begin > end", name="p1"),
        },
        "duplicate-process",
    ),
}
