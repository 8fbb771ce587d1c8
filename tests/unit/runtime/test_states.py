"""States written by earlier releases still load; each serializer version keeps its fixture."""

import json
from pathlib import Path

import pytest

from engine import clock, runtime
from engine.runtime import states
from tests.unit.runtime.driving import Case

FIXTURES = Path(__file__).parent / "fixtures"
WAITS = ["ask", "late", "paid", "report", "verify", "weekly"]


def kept(version):
    spec = runtime.parse({"handling.bpmn": (FIXTURES / "handling.bpmn").read_bytes()})
    state = json.loads((FIXTURES / f"handling.state-{version}.json").read_text())
    case = Case(spec, {"names": []})
    case.step = runtime.redue(spec, state, _late(state), clock.now(), {})
    return case


def test_there_is_a_fixture_of_the_present_version():
    assert (FIXTURES / f"handling.state-{runtime.SERIALIZER_VERSION}.json").exists()


@pytest.mark.parametrize("version", ["1"])
def test_a_kept_state_loads_with_its_waits_and_variables(version):
    case = kept(version)
    assert case.waits() == WAITS
    assert case.variables["level_1"] == {"sent": {"id": "m-1"}}


@pytest.mark.parametrize("version", ["1"])
def test_a_kept_state_goes_on_to_its_end(version):
    case = kept(version).complete("verify", verified=True)
    assert case.events("cancelled") == ["report"]
    case.complete("ask", answer=2).receive("paid", amount=13).complete("after")
    assert case.step.completed
    assert (case.variables["answers"], case.variables["amount"]) == ([1, 2], 13)


def test_a_state_names_no_element_that_the_diagram_lacks():
    state = json.loads((FIXTURES / "handling.state-1.json").read_text())
    state["tokens"][-1][1] = "gone"
    spec = runtime.parse({"handling.bpmn": (FIXTURES / "handling.bpmn").read_bytes()})
    with pytest.raises(runtime.StateVersionError, match="gone"):
        states.load(spec, state, {})


def test_the_order_of_keys_in_a_database_does_not_matter():
    case = kept("1")
    case.step = runtime.complete(
        case.spec,
        json.loads(json.dumps(case.step.state, sort_keys=True)),
        case.wait("verify").token_id,
        {},
        {},
    )
    assert "verify" not in case.waits()


def _late(state):
    return next(row[0] for row in state["tokens"] if row[1] == "first") + ":late"
