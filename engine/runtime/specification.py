"""Specifications: diagrams compiled into SpiffWorkflow's task specs, without its parser.

Its parser stops at the first problem, recurses along the flows and runs silently what it does
not know. Here every kind of element is named in BUILDERS, and what is not there cannot be built.
A specification is never changed after it is built, so any number of instances and threads may
share it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit

from engine.feel import dmn
from engine.runtime import gateways, specs
from engine.runtime.diagram import Diagram, Element, Event, Flow, Scope
from engine.runtime.loops import Body

Build = Callable[[Any, Element, "Compiler"], Any]


@dataclass(frozen=True)
class Specification:
    """A process that can be started, opaque to callers; cache it by the bundle's digest."""

    process_id: str
    main: Any
    parts: Mapping[str, Any]
    decisions: tuple[dmn.Model, ...] = ()


@dataclass
class Compiler:
    """Compiles one main process and all it contains or calls."""

    diagrams: tuple[Diagram, ...]
    parts: dict[str, Any] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)
    diagram: Diagram | None = None

    def specification(self, process_id: str, decisions: tuple[dmn.Model, ...]) -> Specification:
        """The specification of a process that the checks have found fit to run."""
        main = self._process(process_id)
        while self.pending:
            name = self.pending.pop()
            self.parts[name] = self._process(name)
        return Specification(process_id, main, self.parts, decisions)

    def called(self, process_id: str) -> str:
        """The name of the part made from a process of the bundle; it is built once, later."""
        if process_id not in self.parts:
            self.parts[process_id] = None
            self.pending.append(process_id)
        return process_id

    def embedded(self, element: Element) -> str:
        """The name of the part made from a sub-process."""
        assert element.content is not None  # noqa: S101 -- the reader filled it in.
        name = f"{self.diagram.file if self.diagram else ''}#{element.id}"
        self.parts[name] = _compile(element.content, name, self)
        return name

    def definition(self, event: Event | None, element: Element) -> Any:
        """The definition of an element's event, with references resolved."""
        assert self.diagram is not None  # noqa: S101 -- set while a process is built.
        if event is None:
            return specs.NoneEventDefinition()
        return DEFINITIONS[event.kind](event, element, self.diagram)

    def _process(self, process_id: str) -> Any:
        for diagram in self.diagrams:
            for process in diagram.processes:
                if process.id == process_id:
                    self.diagram = diagram
                    return _compile(process, process_id, self)
        raise KeyError(process_id)


def _compile(scope: Scope, name: str, compiler: Compiler) -> Any:
    spec = BpmnProcessSpec(name=name, description=scope.name)
    entries: dict[str, Any] = {}
    exits: dict[str, Any] = {}
    for element in scope.elements:
        entries[element.id], exits[element.id] = _place(spec, element, compiler)
    for element in scope.elements:
        if element.kind == "boundaryEvent":
            _attach(spec, element, exits[element.id], entries)
    for element in scope.elements:
        _connect(element, scope.outgoing(element.id), entries, exits)
        if element.kind == "startEvent":
            spec.start.connect(entries[element.id])
        elif element.kind == "endEvent":
            exits[element.id].connect(spec.end)
    return spec


def _place(spec: Any, element: Element, compiler: Compiler) -> tuple[Any, Any]:
    """The spec that flows lead to and the one they leave."""
    built = BUILDERS[element.kind](spec, element, compiler)
    built.bpmn_id, built.bpmn_name, built.lane = element.id, element.name, element.lane
    built.kind, built.element = element.kind, element
    if element.repetition is None:
        return built, built
    body = Body(spec, element.id, built, element.repetition)
    built.inputs = [body]
    return body, body


def _attach(spec: Any, event: Element, built: Any, entries: dict[str, Any]) -> None:
    """Put a boundary event beside its activity, between a split and a join."""
    host_id = event.attribute("attachedToRef") or ""
    split = spec.task_specs.get(f"{host_id}.BoundaryEventSplit")
    if split is None:
        host = entries[host_id]
        split = BoundaryEventSplit(spec, f"{host_id}.BoundaryEventSplit")
        join = BoundaryEventJoin(
            spec, f"{host_id}.BoundaryEventJoin", split_task=split.name, cancel=True
        )
        split.connect(host)
        host.connect(join)
        entries[host_id] = split
    join = spec.task_specs[f"{host_id}.BoundaryEventJoin"]
    split.connect(built)
    built.connect(join)


def _connect(
    element: Element, flows: list[Flow], entries: dict[str, Any], exits: dict[str, Any]
) -> None:
    default = element.attribute("default")
    conditional = element.kind in {"exclusiveGateway", "inclusiveGateway"}
    for flow in flows:
        target = entries[flow.target]
        if conditional and flow.condition and flow.id != default:
            exits[element.id].connect_if(specs.Condition(flow.condition), target)
        else:
            exits[element.id].connect(target)


def _name(element: Element) -> str:
    return f"{element.id} [instance]" if element.repetition else element.id


def _plain(spec_class: type) -> Build:
    def build(spec: Any, element: Element, _: Compiler) -> Any:
        return spec_class(spec, _name(element))

    return build


def _event(spec_class: type) -> Build:
    def build(spec: Any, element: Element, compiler: Compiler) -> Any:
        event = element.events[0] if element.events else None
        definition = compiler.definition(event, element)
        return spec_class(spec, element.id, event_definition=definition)

    return build


def _boundary(spec: Any, element: Element, compiler: Compiler) -> Any:
    definition = compiler.definition(element.events[0], element)
    return specs.BoundaryEvent(spec, element.id, definition, element.interrupting)


def _receive(spec: Any, element: Element, compiler: Compiler) -> Any:
    reference = element.attribute("messageRef")
    event = Event("message", reference, None, None, element.line)
    definition = compiler.definition(event, element)
    return defaults.ReceiveTask(spec, _name(element), event_definition=definition)


def _script(spec: Any, element: Element, _: Compiler) -> Any:
    built = specs.ScriptTask(spec, _name(element), element.child("script") or "null")
    built.result_variable = element.properties.get("resultVariable")
    return built


def _decision(spec: Any, element: Element, _: Compiler) -> Any:
    built = specs.DecisionTask(spec, _name(element))
    built.decision = called_decision(element) or ""
    built.result_variable = element.properties.get("resultVariable")
    return built


def _sub_process(spec: Any, element: Element, compiler: Compiler) -> Any:
    return specs.Part(spec, _name(element), compiler.embedded(element))


def _call(spec: Any, element: Element, compiler: Compiler) -> Any:
    called = compiler.called(element.attribute("calledElement") or "")
    return specs.Part(spec, _name(element), called)


def _timer(event: Event, element: Element, _: Diagram) -> Any:
    kind = specs.Cycle if event.clock == "timeCycle" else specs.Waiting
    return kind(element.name or element.id, event.expression)


def called_decision(element: Element) -> str | None:
    """The decision a business rule task asks for."""
    return element.extension("calledDecisionId") or element.properties.get("calledDecisionId")


DEFINITIONS: Mapping[str, Callable[[Event, Element, Diagram], Any]] = {
    "timer": _timer,
    "terminate": lambda *_: specs.TerminateEventDefinition(),
    "message": lambda event, _, diagram: specs.MessageEventDefinition(
        diagram.messages.get(event.reference or "", "")
    ),
    "error": lambda event, _, diagram: specs.ScopedError(
        event.reference or "", diagram.errors.get(event.reference or "") or None
    ),
    "escalation": lambda event, _, diagram: specs.ScopedEscalation(
        event.reference or "", diagram.escalations.get(event.reference or "") or None
    ),
}
BUILDERS: Mapping[str, Build] = {
    "startEvent": _event(defaults.StartEvent),
    "endEvent": _event(defaults.EndEvent),
    "intermediateCatchEvent": _event(defaults.IntermediateCatchEvent),
    "intermediateThrowEvent": _event(defaults.IntermediateThrowEvent),
    "boundaryEvent": _boundary,
    "task": _plain(specs.PlainTask),
    "userTask": _plain(defaults.UserTask),
    "manualTask": _plain(defaults.ManualTask),
    "serviceTask": _plain(specs.ServiceTask),
    "sendTask": _plain(specs.ServiceTask),
    "receiveTask": _receive,
    "scriptTask": _script,
    "businessRuleTask": _decision,
    "subProcess": _sub_process,
    "callActivity": _call,
    "exclusiveGateway": _plain(defaults.ExclusiveGateway),
    "inclusiveGateway": _plain(gateways.InclusiveGateway),
    "parallelGateway": _plain(gateways.ParallelGateway),
    "eventBasedGateway": _plain(specs.EventGateway),
}
