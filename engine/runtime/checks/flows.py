"""Sequence flows: where they lead, what they ask, and whether everything is reached."""

from collections.abc import Iterable, Iterator, Mapping

from engine.findings import Finding
from engine.runtime.checks.places import called, error, scopes, warning
from engine.runtime.diagram import Diagram, Element, Flow, Scope

CONDITIONAL = frozenset({"exclusiveGateway", "inclusiveGateway"})
_DECIDING = CONDITIONAL | {"eventBasedGateway"}
MAX_CHAIN = 250  # elements in a row without a decision; each is looked ahead at
Links = Mapping[str, list[str]]


def check_flows(diagram: Diagram) -> Iterator[Finding]:
    """Findings about flows, in each scope of its own."""
    for scope in scopes(diagram):
        yield from _dangling(diagram, scope)
        yield from _starts(diagram, scope)
        for element in scope.elements:
            yield from _ends(diagram, scope, element)
            yield from _conditions(diagram, scope, element)
        yield from _reach(diagram, scope)


def links(scope: Scope, skip: Iterable[str] = ()) -> dict[str, list[str]]:
    """Which element leads to which, boundary events following the activity they sit on."""
    found: dict[str, list[str]] = {element.id: [] for element in scope.elements}
    for flow in scope.flows:
        if flow.source in found and flow.target in found:
            found[flow.source].append(flow.target)
    for element in scope.elements:
        host = element.attribute("attachedToRef")
        if element.kind == "boundaryEvent" and host in found:
            found[host].append(element.id)
    for element_id in skip:
        found[element_id] = []
    return found


def reached(graph: Links, begin: Iterable[str]) -> set[str]:
    """Everything that can be reached from the beginnings, themselves included."""
    found: set[str] = set()
    todo = [element_id for element_id in begin if element_id in graph]
    while todo:
        element_id = todo.pop()
        if element_id not in found:
            found.add(element_id)
            todo.extend(graph[element_id])
    return found


def _dangling(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    known = {element.id for element in scope.elements}
    for flow in scope.flows:
        for end, reference in (("source", flow.source), ("target", flow.target)):
            if reference not in known:
                yield error(
                    diagram,
                    flow,
                    "dangling-flow",
                    f"The {end} {reference or '(none)'} of the flow {flow.id} is not in"
                    f" {scope.id}. Draw the flow again, within one process or sub-process.",
                )


def _starts(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    starts = [element for element in scope.elements if element.kind == "startEvent"]
    if not starts:
        yield error(
            diagram, scope, "no-start-event", f"{scope.id} has no start event. Draw one, plain."
        )
    for extra in starts[1:]:
        yield error(
            diagram,
            extra,
            "several-start-events",
            f"{scope.id} has more than one start event. Keep one and decide behind it.",
        )


def _ends(diagram: Diagram, scope: Scope, element: Element) -> Iterator[Finding]:
    who = called(element.name, element.id)
    outgoing = scope.outgoing(element.id)
    if element.kind == "endEvent" and outgoing:
        yield error(diagram, element, "flow-from-end", f"{who}: nothing may leave an end event.")
    if element.kind != "endEvent" and not outgoing:
        yield error(
            diagram, element, "dead-end", f"{who} leads nowhere. Draw a flow to an end event."
        )
    if element.kind in {"startEvent", "boundaryEvent"} and scope.incoming(element.id):
        yield error(diagram, element, "flow-into-start", f"{who}: no flow may lead into it.")
    if len(outgoing) > 1 and not element.kind.endswith("Gateway"):
        yield error(
            diagram,
            element,
            "implicit-split",
            f"{who} has {len(outgoing)} outgoing flows. Put a gateway behind it that says which.",
        )


def _conditions(diagram: Diagram, scope: Scope, element: Element) -> Iterator[Finding]:
    outgoing, default = scope.outgoing(element.id), element.attribute("default")
    if default and default not in {flow.id for flow in outgoing}:
        yield error(
            diagram,
            element,
            "default-flow",
            f"The default flow {default} does not leave {element.id}. Choose it again.",
        )
    for flow in outgoing:
        yield from _condition(diagram, element, flow, len(outgoing))
    if element.kind in CONDITIONAL and not default and all(flow.condition for flow in outgoing):
        yield warning(
            diagram,
            element,
            "no-default-flow",
            f"{called(element.name, element.id)} has no default flow: a case for which no"
            " condition holds stops there.",
        )


def _condition(diagram: Diagram, element: Element, flow: Flow, count: int) -> Iterator[Finding]:
    is_default = flow.id == element.attribute("default")
    if element.kind not in CONDITIONAL and flow.condition:
        yield error(
            diagram,
            flow,
            "ignored-condition",
            f"The condition of {flow.id} would be ignored: {element.id} is no exclusive or"
            " inclusive gateway. Put one between.",
        )
    elif element.kind in CONDITIONAL and count > 1 and not flow.condition and not is_default:
        yield error(
            diagram,
            flow,
            "missing-condition",
            f"The flow {flow.id} has no condition. Give it one or make it the default flow.",
        )
    elif is_default and flow.condition and element.kind in CONDITIONAL:
        yield warning(
            diagram, flow, "ignored-condition", f"The default flow {flow.id} needs no condition."
        )


def _reach(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    graph = links(scope)
    starts = [element.id for element in scope.elements if element.kind == "startEvent"]
    found = reached(graph, starts)
    back: dict[str, list[str]] = {element_id: [] for element_id in graph}
    for source, targets in graph.items():
        for target in targets:
            back[target].append(source)
    ending = reached(back, [e.id for e in scope.elements if e.kind == "endEvent"])
    for element in scope.elements:
        who = called(element.name, element.id)
        if starts and element.id not in found:
            yield error(
                diagram,
                element,
                "unreachable",
                f"{who} is never reached. Lead a flow to it or delete it.",
            )
        elif element.id not in ending and graph[element.id]:
            yield error(
                diagram, element, "endless", f"No way leads from {who} to an end event. Draw one."
            )
    yield from _chain(diagram, scope)


def _chain(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """Without a decision a circle of elements never ends, and a long row is too deep."""
    graph = links(scope, [e.id for e in scope.elements if e.kind in _DECIDING])
    events = {e.id for e in scope.elements if e.kind == "boundaryEvent"}
    graph = {source: [t for t in targets if t not in events] for source, targets in graph.items()}
    length, tangled = _lengths(graph)
    circle = next((name for name in tangled if name in reached(graph, graph[name])), None)
    for element in scope.elements:
        if element.id == circle:
            yield error(
                diagram,
                element,
                "endless-loop",
                f"{called(element.name, element.id)} is in a loop that nothing can leave."
                " Put an exclusive gateway into it.",
            )
        elif length[element.id] == MAX_CHAIN + 1:
            yield error(
                diagram,
                element,
                "long-chain",
                f"More than {MAX_CHAIN} elements stand in a row before {element.id}. Put part of"
                " them into a sub-process.",
            )


def _lengths(graph: Links) -> tuple[dict[str, int], list[str]]:
    """The longest row that ends at each element; and what lies in or behind a circle."""
    waiting = dict.fromkeys(graph, 0)
    for targets in graph.values():
        for target in targets:
            waiting[target] += 1
    ready = [element_id for element_id, count in waiting.items() if count == 0]
    length = dict.fromkeys(graph, 1)
    while ready:
        source = ready.pop()
        for target in graph[source]:
            length[target] = max(length[target], length[source] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return length, [element_id for element_id, count in waiting.items() if count > 0]
