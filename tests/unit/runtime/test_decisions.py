import pytest

from engine import runtime
from tests.unit.runtime.drawing import end, files, node, settings, start
from tests.unit.runtime.driving import Case

RISK = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="risk"
 namespace="urn:test">
 <inputData id="in" name="amount"><variable name="amount"/></inputData>
 <decision id="risk" name="Risk"><variable name="Risk"/>
  <informationRequirement id="ir"><requiredInput href="#in"/></informationRequirement>
  <decisionTable hitPolicy="FIRST">
   <input id="i"><inputExpression><text>amount</text></inputExpression></input>
   <output id="o"/>
   <rule id="r1"><inputEntry id="e1"><text>&gt;= 1000</text></inputEntry>
    <outputEntry id="x1"><text>"high"</text></outputEntry></rule>
   <rule id="r2"><inputEntry id="e2"><text>-</text></inputEntry>
    <outputEntry id="x2"><text>"low"</text></outputEntry></rule>
  </decisionTable>
 </decision>
</definitions>"""


def bundle(decision="risk", **properties):
    task = node("businessRuleTask", "rate", settings({"calledDecisionId": decision, **properties}))
    diagram = files(start(), task, end(), flow="begin > rate > end")
    return diagram | {"decisions/risk.dmn": RISK}


@pytest.mark.parametrize(("amount", "risk"), [(5000, "high"), (10, "low")])
def test_a_decision_is_asked_with_the_variables(amount, risk):
    spec = runtime.parse(bundle(resultVariable="risk"))
    assert Case(spec, {"amount": amount}).variables["risk"] == risk


def test_a_decision_the_bundle_lacks_is_refused():
    found = {finding.rule for finding in runtime.check(bundle("nope", resultVariable="x"))}
    assert found == {"unknown-decision"}


def test_a_broken_decision_file_is_no_traceback():
    broken = bundle(resultVariable="x") | {"decisions/risk.dmn": b"<nonsense"}
    assert {finding.rule for finding in runtime.check(broken)} == {"unknown-decision"}
