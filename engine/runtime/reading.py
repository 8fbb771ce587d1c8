"""Reading a BPMN document into values; it takes what is there and judges nothing."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from engine.runtime.diagram import (
    BPMN,
    NAMESPACES,
    Diagram,
    Element,
    Event,
    Flow,
    Operator,
    Scope,
    clean,
    line_of,
    tag,
    text_of,
)
from engine.runtime.loops import Repetition

_NOT_FLOW = """
    extensionElements documentation property laneSet incoming outgoing
    ioSpecification dataObject dataObjectReference dataStoreReference
    dataInputAssociation dataOutputAssociation textAnnotation association group artifact
    auditing monitoring supports correlationSubscription category
    multiInstanceLoopCharacteristics standardLoopCharacteristics
    resourceRole performer humanPerformer potentialOwner
"""
NOT_FLOW = frozenset(_NOT_FLOW.split())
_NUMBER = re.compile(r"[0-9]{1,6}")


def read(file: str, root: etree._Element) -> Diagram:
    """The diagram in a document; it takes what is there and judges nothing."""
    lanes = {
        clean(ref.text) or "": lane.get("name") or ""
        for lane in root.iter(f"{{{BPMN}}}lane")
        for ref in lane.findall("b:flowNodeRef", NAMESPACES)
    }
    return Diagram(
        file,
        root,
        tuple(_scope(node, lanes) for node in root.findall("b:process", NAMESPACES)),
        _table(root, "message", "name"),
        _table(root, "error", "errorCode"),
        _table(root, "escalation", "escalationCode"),
    )


def _table(root: etree._Element, tag: str, attribute: str) -> dict[str, str]:
    found = root.findall(f"b:{tag}", NAMESPACES)
    return {node.get("id", ""): clean(node.get(attribute)) or "" for node in found}


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
        text_of(node, "conditionExpression"),
        line_of(node),
        node,
    )


def _properties(node: etree._Element) -> dict[str, str]:
    found = node.findall("b:extensionElements/s:properties/s:property", NAMESPACES)
    return {p.get("name", "").strip(): p.get("value", "").strip() for p in found}


def _operator(node: etree._Element) -> Operator | None:
    found = node.find("b:extensionElements/s:serviceTaskOperator", NAMESPACES)
    if found is None:
        return None
    retry = found.find(".//s:retry", NAMESPACES)
    return Operator(
        found.get("id", "").strip(),
        {
            p.get("id", ""): p.get("value", "").strip()
            for p in found.iterfind(".//s:parameter", NAMESPACES)
            if p.get("value", "").strip()
        },
        clean(found.get("resultVariable")),
        clean(retry.get("retries")) if retry is not None else None,
    )


def _events(node: etree._Element) -> Iterator[Event]:
    for child in node:
        kind = tag(child) or ""
        if not kind.endswith("EventDefinition"):
            continue
        kind = kind.removesuffix("EventDefinition")
        clocks = [t for t in ("timeDate", "timeDuration", "timeCycle") if _has(child, t)]
        clock = clocks[0] if kind == "timer" and clocks else None
        reference = clean(child.get(f"{kind}Ref"))
        yield Event(
            kind, reference, clock, text_of(child, clock) if clock else None, line_of(child)
        )


def _repetition(node: etree._Element) -> Repetition | None:
    loop = node.find("b:standardLoopCharacteristics", NAMESPACES)
    if loop is not None:
        maximum = (loop.get("loopMaximum") or "").strip()
        return Repetition(
            standard=True,
            test_before=loop.get("testBefore") == "true",
            maximum=int(maximum) if _NUMBER.fullmatch(maximum) else None,
            condition=text_of(loop, "loopCondition"),
        )
    loop = node.find("b:multiInstanceLoopCharacteristics", NAMESPACES)
    if loop is None:
        return None
    return Repetition(
        sequential=loop.get("isSequential") == "true",
        cardinality=text_of(loop, "loopCardinality"),
        collection=text_of(loop, "loopDataInputRef"),
        item=_item(loop, "inputDataItem"),
        output=text_of(loop, "loopDataOutputRef"),
        output_item=_item(loop, "outputDataItem"),
        completion=text_of(loop, "completionCondition"),
    )


def _item(node: etree._Element, name: str) -> str | None:
    found = node.find(f"b:{name}", NAMESPACES)
    return clean(found.get("id") or found.get("name")) if found is not None else None


def _has(node: etree._Element, name: str) -> bool:
    return node.find(f"b:{name}", NAMESPACES) is not None
