"""A BPMN file as values: what the checks look at and what the specification is built from.

One reading for both, so that nothing can be checked as one thing and run as another. Element
kinds are the local names of BPMN 2.0.2; texts are stripped, empty ones are None.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.loops import Repetition

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
NAMESPACES = {"b": BPMN, "s": SPIFF}


@dataclass(frozen=True, slots=True)
class Operator:
    """What a service task asks a worker to do; parameters are FEEL."""

    type: str
    parameters: dict[str, str]
    result_variable: str | None
    retries: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event definition: its kind without `EventDefinition`, and what it refers to."""

    kind: str
    reference: str | None
    clock: str | None  # timeDate, timeDuration or timeCycle
    expression: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node: activity, gateway or event."""

    id: str
    kind: str
    name: str
    line: int | None
    lane: str | None
    node: etree._Element
    properties: dict[str, str]
    operator: Operator | None
    events: tuple[Event, ...]
    repetition: Repetition | None
    content: "Scope | None" = None  # of a sub-process

    def attribute(self, name: str) -> str | None:
        """An attribute of the element in the file, stripped; None if missing or empty."""
        return clean(self.node.get(name))

    def child(self, name: str) -> str | None:
        """The text of a child element of BPMN, such as `script`."""
        return text_of(self.node, name)

    def extension(self, name: str) -> str | None:
        """The text of an extension element, such as `calledDecisionId`."""
        found = self.node.find(f"b:extensionElements/s:{name}", NAMESPACES)
        return clean(found.text) if found is not None else None

    @property
    def interrupting(self) -> bool:
        """Whether a boundary event ends the activity it sits on."""
        return self.node.get("cancelActivity", "true").strip() != "false"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None
    line: int | None
    node: etree._Element


@dataclass(frozen=True, slots=True)
class Scope:
    """A process or the inside of a sub-process."""

    id: str
    kind: str
    name: str
    line: int | None
    node: etree._Element
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    leaving: Mapping[str, list[Flow]]
    entering: Mapping[str, list[Flow]]

    def outgoing(self, element_id: str) -> list[Flow]:
        """The flows that leave an element, in the order of the file."""
        return self.leaving.get(element_id, [])

    def incoming(self, element_id: str) -> list[Flow]:
        """The flows that lead to an element, in the order of the file."""
        return self.entering.get(element_id, [])

    def walk(self) -> Iterator["Scope"]:
        """This scope and those inside it."""
        yield self
        for element in self.elements:
            if element.content is not None:
                yield from element.content.walk()


@dataclass(frozen=True, slots=True)
class Diagram:
    """One file."""

    file: str
    root: etree._Element
    processes: tuple[Scope, ...]
    messages: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    escalations: Mapping[str, str] = field(default_factory=dict)


def tag(node: etree._Element) -> str | None:
    """The local name of a BPMN element; None for comments and other namespaces."""
    if not isinstance(node.tag, str) or not node.tag.startswith(f"{{{BPMN}}}"):
        return None
    return node.tag.rpartition("}")[2]


def line_of(node: etree._Element) -> int | None:
    found: object = node.sourceline
    return found if isinstance(found, int) else None


def text_of(node: etree._Element, name: str) -> str | None:
    found = node.find(f"b:{name}", NAMESPACES)
    return clean(found.text) if found is not None else None


def clean(text: str | None) -> str | None:
    return (text or "").strip() or None
