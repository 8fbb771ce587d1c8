"""What bare SpiffWorkflow needs for one step of a small process: the reference.

It runs in an interpreter of its own, where nothing of the product has touched SpiffWorkflow.
"""

import subprocess
import sys
import time
from statistics import median

from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
FLOWS = (
    ("f1", "begin", "work"),
    ("f2", "work", "finish"),
    ("w1", "work_begin", "decide"),
    ("w2", "decide", "decision"),
    ("w4", "decision", "refused"),
    ("w5", "act", "work_done"),
)


def _bpmn() -> str:
    """The shape of the shipped address change: work in a sub-process under three timers."""
    inner = (
        '<startEvent id="work_begin"/><userTask id="decide"/>'
        '<exclusiveGateway id="decision" default="w4"/><userTask id="act"/>'
        '<endEvent id="refused"/><endEvent id="work_done"/>'
        '<sequenceFlow id="w3" sourceRef="decision" targetRef="act">'
        "<conditionExpression>decision == 'accept'</conditionExpression></sequenceFlow>"
    ) + _flows("w")
    timers = "".join(
        f'<boundaryEvent id="late{level}" attachedToRef="work" cancelActivity="false">'
        f"<timerEventDefinition><timeDuration>'P{level}D'</timeDuration></timerEventDefinition>"
        f'</boundaryEvent><userTask id="explain{level}"/>'
        f'<sequenceFlow id="e{level}" sourceRef="late{level}" targetRef="explain{level}"/>'
        for level in (1, 2, 3)
    )
    return (
        f'<definitions xmlns="{NAMESPACE}" targetNamespace="urn:bench">'
        '<process id="bare" isExecutable="true"><startEvent id="begin"/>'
        f'<subProcess id="work">{inner}</subProcess>{timers}<endEvent id="finish"/>'
        f"{_flows('f')}</process></definitions>"
    )


def _flows(prefix: str) -> str:
    return "".join(
        f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}"/>'
        for flow, source, target in FLOWS
        if flow.startswith(prefix)
    )


def step_ms(repetitions: int) -> float:
    """The median milliseconds to complete a user task in memory, nothing stored."""
    command = [sys.executable, "-m", "benchmarks.bare", str(repetitions)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _measured(repetitions: int) -> float:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(_bpmn()))
    spec, inner = parser.get_spec("bare"), parser.get_subprocess_specs("bare")
    return median(_one(BpmnWorkflow(spec, inner)) for _ in range(repetitions))


def _one(workflow: BpmnWorkflow) -> float:
    workflow.do_engine_steps()
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data["decision"] = "accept"
    begin = time.perf_counter()
    task.run()
    workflow.do_engine_steps()
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    print(_measured(int(sys.argv[1])))
