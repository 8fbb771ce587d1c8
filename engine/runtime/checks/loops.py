"""Repeated activities: how often, over what, with which results."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.findings import Finding
from engine.runtime.checks.places import called, elements, error
from engine.runtime.diagram import BPMN, Diagram, Element
from engine.runtime.loops import Repetition

_NEGATIVE = re.compile(r"-\s*[0-9]+(\.[0-9]+)?")


def check_loops(diagram: Diagram) -> Iterator[Finding]:
    """Findings about loops and multi-instance activities."""
    for element in elements(diagram):
        repetition = element.repetition
        if repetition is None:
            continue
        reasons = _standard if repetition.standard else _multiple
        for reason in reasons(element, repetition):
            yield error(
                diagram, element, "repetition", f"{called(element.name, element.id)}: {reason}"
            )


def _standard(element: Element, repetition: Repetition) -> Iterator[str]:
    node = _characteristics(element, "standardLoopCharacteristics")
    written = node.get("loopMaximum")
    if written is not None and (repetition.maximum is None or repetition.maximum < 1):
        yield f"loopMaximum is {written[:40]!r}; give a number of 1 or more."
    elif repetition.maximum is None and repetition.condition is None:
        yield "the loop never ends. Give loopMaximum or a condition to go on."


def _multiple(element: Element, repetition: Repetition) -> Iterator[str]:
    node = _characteristics(element, "multiInstanceLoopCharacteristics")
    if (repetition.collection is None) == (repetition.cardinality is None):
        yield "give either the collection to repeat over or a number of times."
    literal = repetition.cardinality or ""
    if _NEGATIVE.fullmatch(literal):
        yield f"it cannot be repeated {literal[:40]} times. Give 0 or more."
    if (repetition.output is None) != (repetition.output_item is None):
        yield "an output needs both its collection and its item."
    if (node.get("behavior") or "All") != "All":
        yield f"behavior {node.get('behavior')!r} is not run. Remove it."
    for name in (repetition.item, repetition.output):
        if name is not None and not name.isidentifier():
            yield f"{name[:80]!r} is no name of a variable."


def _characteristics(element: Element, name: str) -> etree._Element:
    found = element.node.find(f"{{{BPMN}}}{name}")
    return found if found is not None else element.node
