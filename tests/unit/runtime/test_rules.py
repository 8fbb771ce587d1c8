"""Rules of the house that hold for the runtime as a whole."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import SpiffWorkflow.task
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

from engine import clock, runtime
from engine.runtime import moments
from tests.unit.runtime.drawing import (
    end,
    files,
    gateway,
    job,
    node,
    process,
    start,
    sub,
    user,
)
from tests.unit.runtime.driving import Case


def test_the_original_script_engine_runs_no_python():
    with pytest.raises(RuntimeError, match="would run Python"):
        PythonScriptEngine().environment.evaluate("1 + 1", {})


def test_the_engine_takes_its_time_from_our_clock():
    with clock.frozen_at(datetime(2030, 1, 1, tzinfo=UTC)):
        assert SpiffWorkflow.task.time.time() == clock.now().timestamp()


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("2026-03-28T12:00:00", "2026-03-28T11:00:00+00:00"),
        ("2026-03-29T12:00:00", "2026-03-29T10:00:00+00:00"),
    ],
)
def test_a_local_time_is_read_in_the_provider_s_zone_of_its_day(written, due, monkeypatch):
    monkeypatch.setattr(moments, "_zone", lambda: ZoneInfo("Europe/Warsaw"))
    assert moments.due(written, str).isoformat() == due


def test_one_specification_serves_many_threads():
    spec = runtime.parse(
        files(start(), user("a"), gateway("g", "end"), user("b"), end(),
              flow="begin > a > g [x]> b > end; g *> end")
    )  # fmt: skip

    def drive(number):
        case = Case(spec).complete("a", x=True, number=number).complete("b")
        return case.step.completed, case.variables["number"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(drive, range(60))) == [(True, number) for number in range(60)]


def test_an_id_with_a_line_break_makes_no_second_line():
    bundle = {"a.bpmn": process(start("be&#10;gin"), name="ma&#10;in")}
    assert all("\n" not in finding.message for finding in runtime.check(bundle))


def test_sub_processes_too_deep_in_each_other_are_refused():
    inner = user("deep")
    last = "deep"
    for number in range(30):
        names = f"s{number}", last, f"e{number}"
        inner = sub(f"p{number}", start(names[0]), inner, end(names[2]), flow=" > ".join(names))
        last = f"p{number}"
    bundle = files(start(), inner, end(), flow=f"begin > {last} > end")
    assert "nesting" in {finding.rule for finding in runtime.check(bundle)}


def test_a_long_chain_of_calls_can_be_parsed():
    bundle = {
        f"p{number}.bpmn": process(
            start(),
            node("callActivity", "c", calledElement=f"p{number + 1}"),
            end(),
            flow="begin > c > end",
            name=f"p{number}",
        )
        for number in range(300)
    }
    bundle["last.bpmn"] = process(start(), end(), flow="begin > end", name="p300")
    assert runtime.parse(bundle, "p0").process_id == "p0"


def test_an_outline_names_operators_and_forms():
    bundle = files(
        start(),
        sub("part", start("s"), job("tell", "notify"), end("t"), flow="s > tell > t"),
        user("ask", form="address"),
        end(),
        flow="begin > part > ask > end",
    )
    found = {each.element_id: each for each in runtime.outline(bundle)}
    assert found["tell"].operator == "notify"
    assert found["ask"].properties == {"form": "address"}


def test_a_due_date_that_is_unknown_is_left_out():
    spec = runtime.parse(
        files(start(), user("a", dueDate="wanted"), end(), flow="begin > a > end")
    )
    assert "due_at" not in Case(spec).wait("a").details
    assert Case(spec, {"wanted": "2027-01-01"}).wait("a").details["due_at"].startswith("2027")
