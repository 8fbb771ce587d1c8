"""Each rule: a diagram that breaks it is refused by name, with the element and the line."""

import pytest

from engine import runtime
from tests.unit.runtime.drawing import end, files, job, node, process, start, timer, user
from tests.unit.runtime.refused import LOOP, OK, REFUSED, STANDARD, beside, one, rules


@pytest.mark.parametrize("name", REFUSED)
def test_a_diagram_that_would_be_misread_is_refused(name):
    bundle, rule = REFUSED[name]
    assert rule in rules(bundle)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_cannot_be_parsed(name):
    with pytest.raises(runtime.DefinitionError) as caught:
        runtime.parse(REFUSED[name][0])
    assert caught.value.findings


def test_all_findings_come_at_once_with_their_lines():
    bundle = files(
        start(),
        node("serviceTask", "tell"),
        job("say", to="1 +"),
        node("scriptTask", "calculate", scriptFormat="python"),
        end(),
        flow="begin > tell > say > calculate > end",
    )
    found = {(f.element_id, f.line) for f in runtime.check(bundle) if f.severity == "error"}
    assert found == {("tell", 5), ("say", 6), ("calculate", 7)}


def test_a_finding_of_an_expression_tells_the_position():
    bundle = one(job("a", to="1 + * 2"))
    assert any("at character 5" in finding.message for finding in runtime.check(bundle))


def test_an_expression_of_another_language_is_told_how_to_write_feel():
    bundle = one(job("a", to="${customer}"))
    assert any("without ${ }" in finding.message for finding in runtime.check(bundle))


def test_a_form_must_be_in_a_bundle_that_has_forms():
    bundle = one(user("a", form="address")) | {"forms/other.form.json": b"{}"}
    assert rules(bundle) == {"unknown-form"}


def test_a_good_diagram_has_no_findings():
    assert runtime.check(one(user("a", form="address"))) == []


def test_a_called_process_of_the_bundle_is_found():
    bundle = files(
        start(),
        node("callActivity", "a", calledElement="other"),
        end(),
        flow=OK,
        second=process(start(), end(), flow="begin > end", name="other"),
    )
    assert runtime.check(bundle) == []


NINES = "9" * 5000
EXTREME = [
    "PT99999999999999999999H",
    "P99999999Y",
    "-P1D",
    "P0D",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "R/P99999999Y",
    "R0/PT1H",
    "R5/2026-01-01T00:00:00Z/PT1H",
    "PT" + NINES + "H",
    "R" + NINES + "/PT1H",
    "P1Y2M3DT4H5M6.7S",
]


@pytest.mark.parametrize("text", EXTREME)
@pytest.mark.parametrize("kind", ["timeDuration", "timeDate", "timeCycle"])
def test_no_time_is_so_extreme_that_it_gives_a_traceback(text, kind):
    bundle = beside(timer(text, kind), interrupting=False)
    if not rules(bundle):
        runtime.start(runtime.parse(bundle), {}, {})


@pytest.mark.parametrize(
    "inner",
    [
        STANDARD.format(f'loopMaximum="{NINES}"'),
        LOOP.format(f"<bpmn:loopCardinality>-{NINES}</bpmn:loopCardinality>"),
    ],
)
def test_numbers_too_long_to_read_are_refused(inner):
    assert "repetition" in rules(one(user("a", inner, priority="9" * 30)))
