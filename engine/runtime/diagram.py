"""A BPMN file as values: what the checks look at and what the specification is built from.

One reading for both, so that nothing can be checked as one thing and run as another. Element
kinds are the local names of BPMN 2.0.2; texts are stripped, empty ones are None.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.runtime.loops import Repetition

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
_NS = {"b": BPMN, "s": SPIFF}
_NOT_FLOW = """
    extensionElements documentation property laneSet incoming outgoing
    ioSpecification dataObject dataObjectReference dataStoreReference
    dataInputAssociation dataOutputAssociation textAnnotation association group artifact
    auditing monitoring supports correlationSubscription category
    multiInstanceLoopCharacteristics standardLoopCharacteristics
    resourceRole performer humanPerformer potentialOwner
"""
NOT_FLOW = frozenset(_NOT_FLOW.split())


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
        return _clean(self.node.get(name))

    def child(self, name: str) -> str | None:
        """The text of a child element of BPMN, such as `script`."""
        return _text(self.node, name)

    def extension(self, name: str) -> str | None:
        """The text of an extension element, such as `calledDecisionId`."""
        found = self.node.find(f"b:extensionElements/s:{name}", _NS)
        return _clean(found.text) if found is not None else None

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


def read(file: str, root: etree._Element) -> Diagram:
    """The diagram in a document; it takes what is there and judges nothing."""
    lanes = {
        _clean(ref.text) or "": lane.get("name") or ""
        for lane in root.iter(f"{{{BPMN}}}lane")
        for ref in lane.findall("b:flowNodeRef", _NS)
    }
    return Diagram(
        file,
        root,
        tuple(_scope(node, lanes) for node in root.findall("b:process", _NS)),
        _table(root, "message", "name"),
        _table(root, "error", "errorCode"),
        _table(root, "escalation", "escalationCode"),
    )


def _table(root: etree._Element, tag: str, attribute: str) -> dict[str, str]:
    found = root.findall(f"b:{tag}", _NS)
    return {node.get("id", ""): _clean(node.get(attribute)) or "" for node in found}


def _scope(node: etree._Element, lanes: dict[str, str]) -> Scope:
    elements, flows = [], []
    for child in node:
        kind = tag(child)
        if kind == "sequenceFlow":
            flows.append(_flow(child))
        elif kind and kind not in NOT_FLOW:
            elements.append(_element(child, kind, lanes))
    return Scope(
        node.get("id", ""),
        tag(node) or "",
        node.get("name", ""),
        line_of(node),
        node,
        tuple(elements),
        tuple(flows),
        _grouped((flow.source, flow) for flow in flows),
        _grouped((flow.target, flow) for flow in flows),
    )


def _grouped(pairs: Iterable[tuple[str, Flow]]) -> dict[str, list[Flow]]:
    groups: dict[str, list[Flow]] = {}
    for key, flow in pairs:
        groups.setdefault(key, []).append(flow)
    return groups


def _element(node: etree._Element, kind: str, lanes: dict[str, str]) -> Element:
    inside = kind in {"subProcess", "transaction", "adHocSubProcess"}
    return Element(
        id=node.get("id", ""),
        kind=kind,
        name=node.get("name", ""),
        line=line_of(node),
        lane=lanes.get(node.get("id", "")),
        node=node,
        properties=_properties(node),
        operator=_operator(node),
        events=tuple(_events(node)),
        repetition=_repetition(node),
        content=_scope(node, lanes) if inside else None,
    )


def _flow(node: etree._Element) -> Flow:
    return Flow(
        node.get("id", ""),
        node.get("sourceRef", ""),
        node.get("targetRef", ""),
        _text(node, "conditionExpression"),
        line_of(node),
        node,
    )


def _properties(node: etree._Element) -> dict[str, str]:
    found = node.findall("b:extensionElements/s:properties/s:property", _NS)
    return {p.get("name", "").strip(): p.get("value", "").strip() for p in found}


def _operator(node: etree._Element) -> Operator | None:
    found = node.find("b:extensionElements/s:serviceTaskOperator", _NS)
    if found is None:
        return None
    retry = found.find(".//s:retry", _NS)
    return Operator(
        found.get("id", "").strip(),
        {
            p.get("id", ""): p.get("value", "").strip()
            for p in found.iterfind(".//s:parameter", _NS)
            if p.get("value", "").strip()
        },
        _clean(found.get("resultVariable")),
        _clean(retry.get("retries")) if retry is not None else None,
    )


def _events(node: etree._Element) -> Iterator[Event]:
    for child in node:
        kind = tag(child) or ""
        if not kind.endswith("EventDefinition"):
            continue
        kind = kind.removesuffix("EventDefinition")
        clocks = [t for t in ("timeDate", "timeDuration", "timeCycle") if _has(child, t)]
        clock = clocks[0] if kind == "timer" and clocks else None
        reference = _clean(child.get(f"{kind}Ref"))
        yield Event(kind, reference, clock, _text(child, clock) if clock else None, line_of(child))


def _repetition(node: etree._Element) -> Repetition | None:
    loop = node.find("b:standardLoopCharacteristics", _NS)
    if loop is not None:
        maximum = (loop.get("loopMaximum") or "").strip()
        return Repetition(
            standard=True,
            test_before=loop.get("testBefore") == "true",
            maximum=int(maximum) if maximum.isdecimal() else None,
            condition=_text(loop, "loopCondition"),
        )
    loop = node.find("b:multiInstanceLoopCharacteristics", _NS)
    if loop is None:
        return None
    return Repetition(
        sequential=loop.get("isSequential") == "true",
        cardinality=_text(loop, "loopCardinality"),
        collection=_text(loop, "loopDataInputRef"),
        item=_item(loop, "inputDataItem"),
        output=_text(loop, "loopDataOutputRef"),
        output_item=_item(loop, "outputDataItem"),
        completion=_text(loop, "completionCondition"),
    )


def line_of(node: etree._Element) -> int | None:
    found: object = node.sourceline
    return found if isinstance(found, int) else None


def tag(node: etree._Element) -> str | None:
    """The local name of a BPMN element; None for comments and other namespaces."""
    if not isinstance(node.tag, str) or not node.tag.startswith(f"{{{BPMN}}}"):
        return None
    return node.tag.rpartition("}")[2]


def _item(node: etree._Element, name: str) -> str | None:
    found = node.find(f"b:{name}", _NS)
    return _clean(found.get("id") or found.get("name")) if found is not None else None


def _has(node: etree._Element, name: str) -> bool:
    return node.find(f"b:{name}", _NS) is not None


def _text(node: etree._Element, name: str) -> str | None:
    found = node.find(f"b:{name}", _NS)
    return _clean(found.text) if found is not None else None


def _clean(text: str | None) -> str | None:
    return (text or "").strip() or None
