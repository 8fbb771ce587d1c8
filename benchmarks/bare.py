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

BPMN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:bench">
<process id="small" isExecutable="true"><startEvent id="begin"><outgoing>a</outgoing></startEvent>
<userTask id="decide"><incoming>a</incoming><outgoing>b</outgoing></userTask>
<endEvent id="finish"><incoming>b</incoming></endEvent>
<sequenceFlow id="a" sourceRef="begin" targetRef="decide"/>
<sequenceFlow id="b" sourceRef="decide" targetRef="finish"/></process></definitions>"""


def step_ms(repetitions: int) -> float:
    """The median milliseconds to complete a user task in memory, nothing stored."""
    command = [sys.executable, "-m", "benchmarks.bare", str(repetitions)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _measured(repetitions: int) -> float:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(BPMN))
    spec = parser.get_spec("small")
    return median(_one(spec) for _ in range(repetitions))


def _one(spec: object) -> float:
    workflow = BpmnWorkflow(spec)
    workflow.do_engine_steps()
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    begin = time.perf_counter()
    task.run()
    workflow.do_engine_steps()
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    print(_measured(int(sys.argv[1])))
