"""Events: which definition can stand where, and what it refers to."""

from collections.abc import Iterator, Mapping

from engine.findings import Finding
from engine.runtime.checks.places import called, elements, error, scopes
from engine.runtime.diagram import BPMN, Diagram, Element, Event
from engine.runtime.specification import BUILDERS

_ALLOWED = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate", "error", "escalation"}),
    "intermediateCatchEvent": frozenset({"timer", "message"}),
    "intermediateThrowEvent": frozenset({"escalation"}),
    "boundaryEvent": frozenset({"timer", "message", "error", "escalation"}),
}
_NEEDS_ONE = frozenset({"intermediateCatchEvent", "boundaryEvent"})
_INSTEAD = {
    "link": "Draw a flow, or call a process.",
    "compensate": "Draw the way back with an error boundary event.",
    "signal": "Nobody keeps a signal until somebody waits; use a message, an error or a flow.",
    "conditional": "Use a gateway, or a message when the data arrives.",
    "cancel": "Use an error event.",
    "message": "A message thrown here would be lost; use a service task that sends.",
    "timer": "Begin with a plain start event and wait behind it.",
}
_ACTIVITIES = frozenset(
    kind for kind in BUILDERS if kind.endswith(("task", "Task", "subProcess", "callActivity"))
)


def check_events(diagram: Diagram) -> Iterator[Finding]:
    """Findings about events."""
    for element in elements(diagram):
        if element.kind in _ALLOWED:
            yield from _definitions(diagram, element)
        for event in element.events:
            yield from _reference(diagram, element, event)
        if element.kind == "receiveTask":
            yield from _receive(diagram, element)
    yield from _boundaries(diagram)


def _definitions(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who, allowed = called(element.name, element.id), _ALLOWED[element.kind]
    if element.node.find(f"{{{BPMN}}}eventDefinitionRef") is not None:
        yield error(
            diagram,
            element,
            "event-definition-ref",
            f"{who} refers to a shared event definition. Define the event itself.",
        )
    elif element.kind in _NEEDS_ONE and not element.events:
        yield error(diagram, element, "missing-event", f"{who}: say what event it waits for.")
    if len(element.events) > 1:
        yield error(diagram, element, "several-events", f"{who} has several events. Keep one.")
    for event in element.events:
        if event.kind not in allowed:
            hint = _INSTEAD.get(event.kind, "Use a plain one.")
            yield error(
                diagram,
                element,
                "unsupported-event",
                f"{who}: a {event.kind} event is not run here. {hint}",
            )


def _reference(diagram: Diagram, element: Element, event: Event) -> Iterator[Finding]:
    tables: Mapping[str, Mapping[str, str]] = {
        "message": diagram.messages,
        "error": diagram.errors,
        "escalation": diagram.escalations,
    }
    table, who = tables.get(event.kind), called(element.name, element.id)
    if table is None:
        return
    if event.reference is not None and event.reference not in table:
        yield error(
            diagram,
            element,
            "unknown-reference",
            f"{who}: there is no {event.kind} {event.reference}. Choose one of the file.",
        )
    elif event.kind == "message" and not table.get(event.reference or ""):
        yield error(diagram, element, "missing-message", f"{who}: the message has no name.")
    elif element.kind != "boundaryEvent" and not table.get(event.reference or ""):
        yield error(
            diagram, element, "missing-code", f"{who}: the {event.kind} it throws has no code."
        )


def _receive(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who = called(element.name, element.id)
    if element.attribute("instantiate") == "true":
        yield error(
            diagram,
            element,
            "instantiate",
            f"{who} cannot start a process. Put a plain start event before it.",
        )
    if not diagram.messages.get(element.attribute("messageRef") or ""):
        yield error(
            diagram, element, "missing-message", f"{who}: say which message it waits for, by name."
        )


def _boundaries(diagram: Diagram) -> Iterator[Finding]:
    for scope in scopes(diagram):
        hosts = {element.id: element for element in scope.elements}
        for element in scope.elements:
            if element.kind != "boundaryEvent":
                continue
            host = hosts.get(element.attribute("attachedToRef") or "")
            if host is None or host.kind not in _ACTIVITIES:
                yield error(
                    diagram,
                    element,
                    "boundary-host",
                    f"{called(element.name, element.id)} sits on no activity. Attach it to one.",
                )
            if not element.interrupting and any(e.kind == "error" for e in element.events):
                yield error(
                    diagram,
                    element,
                    "error-interrupts",
                    f"{called(element.name, element.id)}: an error always interrupts. Say so.",
                )
