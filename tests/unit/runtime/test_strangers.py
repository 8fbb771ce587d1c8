"""Files from strangers: any bytes give findings, quickly, and never a traceback."""

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import runtime
from engine.runtime import safe_xml
from tests.unit.runtime.drawing import (
    HEAD,
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
    start,
    sub,
    timer,
    user,
)

DTD = '<?xml version="1.0"?>\n<!DOCTYPE a [{}]>\n<a>&x;</a>'
LAUGHS = '<!ENTITY x "ha">' + "".join(
    f'<!ENTITY x{n} "{"&x" + str(n - 1 if n > 1 else "") + ";"}'.ljust(12) + '">'
    for n in range(1, 20)
)
HOSTILE = {
    "external entity": DTD.format('<!ENTITY x SYSTEM "file:///etc/passwd">').encode(),
    "parameter entity": DTD.format('<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;').encode(),
    "expansion": DTD.format(LAUGHS).encode(),
    "doctype in UTF-16": DTD.format('<!ENTITY x "y">').encode("utf-16"),
    "3 MB": process(user("a")) + b" " * 3_000_000,
    "50 MB": b"<a>" + b"x" * 50_000_000 + b"</a>",
    "20,000 elements": process(*(user(f"u{n}") for n in range(20_000))),
    "deep nesting": (HEAD + "<bpmn:group>" * 230 + "</bpmn:group>" * 230).encode()
    + b"</bpmn:definitions>",
    "deeper nesting": b"<a>" * 100_000,
    "no XML": b"hello",
    "nothing": b"",
    "zero bytes": b"\x00" * 100,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
    "unknown encoding": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "cut off": process(user("a"))[:-30],
    "other XML": b"<html/>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_clear_line_quickly(name):
    began = time.perf_counter()
    found = [f for f in runtime.check({"a.bpmn": HOSTILE[name]}) if f.rule != "no-process"]
    assert time.perf_counter() - began < 2
    assert len(found) == 1
    assert "\n" not in found[0].message


def test_a_huge_file_takes_no_memory():
    tracemalloc.start()
    runtime.check({"a.bpmn": HOSTILE["50 MB"]})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_the_limit_on_size_is_that_of_the_reader():
    with pytest.raises(safe_xml.HostileXmlError, match="2 MB"):
        safe_xml.read(b" " * (safe_xml.MAX_BYTES + 1))


PYTHON = (
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "open('/etc/passwd').read()",
    "exec('1')",
    "lambda: 1",
    "eval(1)",
    "a.__globals__",
    "{x.__class__}",
)


@pytest.mark.parametrize("text", PYTHON)
def test_python_in_a_diagram_is_refused_or_gives_nothing(text):
    bundle = files(start(), script("a", text, "out"), end(), flow="begin > a > end")
    try:
        step = runtime.start(runtime.parse(bundle), {"a": 1, "x": 2}, {})
    except runtime.DefinitionError:
        return
    assert step.variables["out"] in (None, {"x.__class__": None})


def test_variables_with_names_of_python_stay_data():
    bundle = files(start(), script("a", "a.b", "out"), end(), flow="begin > a > end")
    step = runtime.start(runtime.parse(bundle), {"a": {"b": "{0.__class__}"}}, {})
    assert step.variables["out"] == "{0.__class__}"


CAMUNDA = (
    HEAD.replace(
        'id="defs"',
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="defs"'
        ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
        ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
        ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    )
    + """
<bpmn:collaboration id="c"><bpmn:participant id="p" processRef="main"/></bpmn:collaboration>
<bpmn:process id="main" isExecutable="true" camunda:historyTimeToLive="180">
  <bpmn:documentation>Text <![CDATA[<b>]]></bpmn:documentation>
  <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
  <bpmn:userTask id="a" name="Prüfen" camunda:assignee="demo">
    <bpmn:extensionElements><camunda:taskListener class="x"/></bpmn:extensionElements>
    <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
  <bpmn:exclusiveGateway id="g" default="f4"/>
  <bpmn:endEvent id="end"/>
  <bpmn:endEvent id="e2"/>
  <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="a"/>
  <bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="g"/>
  <bpmn:sequenceFlow id="f3" sourceRef="g" targetRef="end">
    <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=ok</bpmn:conditionExpression>
  </bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f4" sourceRef="g" targetRef="e2"/>
  <bpmn:textAnnotation id="t"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>
  <bpmn:association id="as" sourceRef="a" targetRef="t"/>
</bpmn:process>
<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="c">
<bpmndi:BPMNShape id="a_di" bpmnElement="a">
<dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNShape>
<bpmndi:BPMNEdge id="f1_di" bpmnElement="f1"><di:waypoint x="1" y="2"/></bpmndi:BPMNEdge>
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""
).encode()


def test_a_diagram_of_another_tool_is_read():
    spec = runtime.parse({"a.bpmn": CAMUNDA})
    step = runtime.start(spec, {}, {})
    step = runtime.complete(spec, step.state, step.waits[0].token_id, {"ok": True}, {})
    assert step.end_events == ("end",)


WHOLE = process(
    start(),
    sub("part", start("s"), user("u", candidateGroups="=g"), end("t"), flow="s > u > t"),
    boundary("late", "part", timer("R3/PT10M", "timeCycle"), interrupting=False),
    boundary("bad", "part", error("e")),
    job("tell", to='"x" + name', result="sent"),
    gateway("g", "wait"),
    node("receiveTask", "wait", messageRef="m"),
    node("intermediateCatchEvent", "heard", message("m")),
    script("calc", "for x in [1,2] return x + 1", "list"),
    end(),
    end("e2"),
    head='<bpmn:message id="m" name="paid"/><bpmn:error id="e" errorCode="E1"/>',
    flow="begin > part > g [x > 1]> tell > calc > end; g *> wait > heard > end;"
    " late > e2; bad > end",
)
TOKENS = [
    b"<bpmn:", b"</bpmn:", b'"', b">", b"<", b"&", b"id=", b"Ref=", b"begin", b"part", b"timer",
    b"R3/PT10M", b"-1", b"'", b"subProcess", b"boundaryEvent", b"sequenceFlow", b"\xff", b"x > 1",
    b"startEvent", b"endEvent", b"true", b"false", b"attachedToRef", b"userTask", b"process",
]  # fmt: skip


@st.composite
def mutated(draw):
    data = WHOLE
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        cut = draw(st.integers(0, 40))
        put = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6), st.just(b"")))
        data = data[:at] + put + data[at + cut :]
    return data


@st.composite
def rewired(draw):
    """Well-formed XML with words exchanged: it gets past the parser more often."""
    words = [b"begin", b"part", b"late", b"bad", b"tell", b"g", b"wait", b"heard", b"calc", b"end",
             b"userTask", b"subProcess", b"startEvent", b"endEvent", b"exclusiveGateway",
             b"parallelGateway", b"eventBasedGateway", b"boundaryEvent", b"error", b"message",
             b"timer", b"callActivity", b"transaction", b"timeCycle", b"timeDuration"]  # fmt: skip
    data = WHOLE
    for _ in range(draw(st.integers(1, 4))):
        old, new = draw(st.sampled_from(words)), draw(st.sampled_from(words))
        data = data.replace(old, new, draw(st.integers(1, 8)))
    return data


def runs(data):
    """Findings, or a specification that starts or says why not; anything else is a failure."""
    bundle = {"process.bpmn": data}
    found = runtime.check(bundle)
    assert all(finding.message and "\n" not in finding.message for finding in found)
    try:
        spec = runtime.parse(bundle)
    except runtime.DefinitionError:
        return
    try:
        runtime.start(spec, {"x": 1, "g": "a", "name": "Ann"}, {})
    except runtime.RuntimeStepError:
        return


@settings(max_examples=250, deadline=None)
@given(mutated())
def test_mutated_files_give_findings(data):
    runs(data)


@settings(max_examples=250, deadline=None)
@given(rewired())
def test_rewired_diagrams_give_findings(data):
    runs(data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_findings(data):
    assert runtime.check({"a.bpmn": data})


def test_the_unmutated_diagram_runs():
    runtime.start(runtime.parse({"process.bpmn": WHOLE}), {"g": "a"}, {})
