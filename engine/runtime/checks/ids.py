"""Ids: there, once, well-formed, and none that the engine keeps for itself."""

import re
from collections.abc import Iterator

from lxml import etree

from engine.findings import Finding, Severity
from engine.runtime.checks.places import MAX_ID, Place, all_flows, elements, error
from engine.runtime.diagram import BPMN, Diagram, line_of

_NAME = re.compile(r"[^\W\d][\w.-]*")  # NCName of XML, near enough
_RESERVED = frozenset({"Start", "End", "Root"})
_RESERVED_ENDS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")


def check_ids(diagram: Diagram) -> Iterator[Finding]:
    """Findings about ids."""
    yield from _duplicates(diagram)
    known = {element.id for element in elements(diagram)}
    places: list[Place] = [*diagram.processes, *elements(diagram), *all_flows(diagram)]
    for place in places:
        if not place.id:
            yield error(diagram, place, "missing-id", "The element has no id. Give it one.")
        elif not _NAME.fullmatch(place.id):
            yield error(
                diagram,
                place,
                "invalid-id",
                f"The id {place.id[:80]!r} has a sign that ids may not have."
                " Use letters, digits, _ and -.",
            )
        elif place.id in _RESERVED or place.id.endswith(_RESERVED_ENDS):
            yield error(
                diagram, place, "reserved-id", f"The id {place.id} is the engine's own. Rename it."
            )
    for element in elements(diagram):
        if element.operator is not None and element.operator.type in known:
            yield error(
                diagram,
                element,
                "operator-id",
                f"The operator {element.operator.type} is the id of an element, too."
                " Rename the element.",
            )


def _duplicates(diagram: Diagram) -> Iterator[Finding]:
    seen: dict[str, etree._Element] = {}
    for node in diagram.root.iter(f"{{{BPMN}}}*"):
        found = (node.get("id") or "").strip()
        if found and found in seen:
            yield Finding(
                diagram.file,
                found[:MAX_ID],
                "duplicate-id",
                Severity.ERROR,
                f"The id {found[:80]!r} stands in line {line_of(seen[found])} already."
                " Rename one.",
                line_of(node),
            )
        seen.setdefault(found, node)
