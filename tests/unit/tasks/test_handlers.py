"""Handlers' small decisions, and that shipped diagrams name handlers that exist."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from tasks import register_rules
from tasks.handlers import declare_delay, registry
from tasks.handlers.context import HandlerContext
from tasks.handlers.errors import UnknownJobTypeError, WrongParameterError

ROOT = Path(__file__).parents[3]
OPERATOR = "{http://spiffworkflow.org/bpmn/schema/1.0/core}serviceTaskOperator"
INDIA = ZoneInfo("Asia/Kolkata")


def context(**parameters):
    return HandlerContext(
        job_id=uuid4(),
        attempt=1,
        type="notify",
        instance_id=uuid4(),
        element_id="Notify",
        parameters=parameters,
        environment=SimpleNamespace(),
    )


@pytest.mark.parametrize("diagram", sorted(ROOT.glob("processes/*/*.bpmn")), ids=str)
def test_every_operator_of_a_shipped_diagram_has_a_handler(diagram):
    operators = {found.get("id") for found in etree.parse(diagram).iter(OPERATOR)}
    assert operators
    assert operators <= registry.HANDLERS.keys()


def test_an_unknown_job_type_is_named():
    with pytest.raises(UnknownJobTypeError, match="brew_tea"):
        registry.find("brew_tea")


@pytest.mark.parametrize("value", [None, 5, ["a"]])
def test_a_parameter_that_must_be_a_text_says_so(value):
    with pytest.raises(WrongParameterError, match="`template` must be a text"):
        context(template=value).text("template")


@pytest.mark.parametrize(
    ("value", "names"), [(None, []), ("mail, sms", ["mail", "sms"]), (["mail"], ["mail"])]
)
def test_names_come_as_a_list_or_with_commas(value, names):
    assert context(channels=value).names("channels") == names


def test_names_are_texts():
    with pytest.raises(WrongParameterError):
        context(channels=[1]).names("channels")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-01", datetime(2026, 12, 1, 18, 29, tzinfo=UTC)),
        ("2026-12-01T10:00", datetime(2026, 12, 1, 4, 30, tzinfo=UTC)),
        ("2026-12-01T10:00:00Z", datetime(2026, 12, 1, 10, 0, tzinfo=UTC)),
    ],
)
def test_a_new_date_means_the_end_of_that_day(written, meant):
    assert declare_delay.moment(written, INDIA) == meant


@pytest.mark.parametrize("written", ["", "soon", "2026-13-01"])
def test_a_new_date_must_be_one(written):
    with pytest.raises(WrongParameterError):
        declare_delay.moment(written, INDIA)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": ""},
        {"address": " "},
        {"address": None},
        {"address": {}},
        {"__proto__": "x"},
        {"address": "x" * 30_000},
    ],
)
def test_the_register_refuses_what_says_nothing(changes):
    assert register_rules.faults(changes)


def test_the_register_takes_what_says_something():
    assert register_rules.faults({"address": {"city": "Pune"}, "name": "Sample"}) == []
