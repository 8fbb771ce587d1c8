"""Kinds of elements: which can run, and what each needs."""

import re
from collections.abc import Callable, Iterator, Mapping

from engine.findings import Finding
from engine.runtime.checks.flows import links, reached
from engine.runtime.checks.places import called, elements, error, scopes, warning
from engine.runtime.diagram import BPMN, SPIFF, Diagram, Element, Scope, line_of
from engine.runtime.specification import BUILDERS, called_decision

_INSTEAD = {
    "complexGateway": "Use exclusive, inclusive or parallel gateways.",
    "transaction": "Use a sub-process with an error boundary event.",
    "adHocSubProcess": "Use a sub-process with parallel or inclusive gateways.",
    "callConversation": "Use a call activity.",
}
_UNSUPPORTED_ROOTS = ("globalTask", "globalUserTask", "globalScriptTask", "globalManualTask")
MAX_NESTING = 20  # sub-processes inside each other
_FORM = re.compile(r"[A-Za-z0-9][\w-]*")
USER_TASK_PROPERTIES = frozenset(
    {
        "form",
        "candidateGroups",
        "assignee",
        "priority",
        "dueDate",
        "documents",
        "documentsRequired",
        "instructions",
        "resultVariable",
    }
)
_OTHER_ENGINES = frozenset({"formKey", "formJsonSchemaFilename", "formUiSchemaFilename"})
_DATA = frozenset({"ioSpecification", "dataInputAssociation", "dataOutputAssociation"})
_FEEL_FORMATS = frozenset({"feel", "text/feel", "application/feel"})


def check_elements(diagram: Diagram) -> Iterator[Finding]:
    """Findings about kinds of elements and their settings."""
    for name in _UNSUPPORTED_ROOTS:
        for node in diagram.root.iterfind(f"{{{BPMN}}}{name}"):
            place = Element(
                node.get("id", ""), name, "", line_of(node), None, node, {}, None, (), None
            )
            yield error(
                diagram, place, "unsupported-element", f"A {name} cannot be called. Use a process."
            )
    for element in elements(diagram):
        yield from _kind(diagram, element)
        yield from _common(diagram, element)
        rule = _RULES.get(element.kind)
        if rule is not None:
            yield from rule(diagram, element)
    for process in diagram.processes:
        yield from _nesting(diagram, process, 0)
    for scope in scopes(diagram):
        yield from _event_gateways(diagram, scope)
        yield from _side_branches(diagram, scope)


def _nesting(diagram: Diagram, scope: Scope, depth: int) -> Iterator[Finding]:
    if depth > MAX_NESTING:
        yield error(
            diagram,
            scope,
            "nesting",
            f"{scope.id} lies in more than {MAX_NESTING} sub-processes. Call a process instead.",
        )
        return
    for element in scope.elements:
        if element.content is not None:
            yield from _nesting(diagram, element.content, depth + 1)


def _kind(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who = called(element.name, element.id)
    if element.kind not in BUILDERS:
        hint = _INSTEAD.get(element.kind, "Draw it with elements that are.")
        yield error(
            diagram,
            element,
            "unsupported-element",
            f"{who} is of the kind {element.kind}, which is not run. {hint}",
        )
    if element.attribute("triggeredByEvent") == "true":
        yield error(
            diagram,
            element,
            "event-sub-process",
            f"{who} is an event sub-process, which is not run."
            " Use a boundary event on a sub-process.",
        )
    if element.kind == "task":
        yield warning(
            diagram, element, "plain-task", f"{who} does nothing. Make it a user or service task."
        )


def _common(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who = called(element.name, element.id)
    for name in ("startQuantity", "completionQuantity"):
        if (element.attribute(name) or "1") != "1":
            yield error(diagram, element, "quantity", f"{who}: {name} must be 1.")
    if element.attribute("isForCompensation") == "true":
        yield error(
            diagram, element, "compensation", f"{who} compensates, which is not run. Remove it."
        )
    for name in ("preScript", "postScript"):
        if element.extension(name):
            yield error(
                diagram, element, "pre-script", f"{who}: {name} is not run. Use a script task."
            )
    inside = {child.tag.rpartition("}")[2] for child in element.node if isinstance(child.tag, str)}
    if inside & _DATA:
        yield warning(
            diagram,
            element,
            "data-association",
            f"{who}: data associations only document; all variables are visible anyway.",
        )


def _service_task(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who, operator = called(element.name, element.id), element.operator
    if operator is None or not operator.type:
        hint = "Choose what it does."
        if element.kind == "sendTask":
            hint = "A message sent here would be lost; choose an operator such as notify."
        yield error(diagram, element, "missing-operator", f"{who} has no operator. {hint}")
        return
    if operator.retries is not None and not re.fullmatch(r"[0-9]{1,3}", operator.retries):
        yield error(
            diagram,
            element,
            "retries",
            f"{who}: retries is {operator.retries!r}; give a number from 0 to 999.",
        )
    for node in element.node.iter(f"{{{SPIFF}}}parameter"):
        if not node.get("id"):
            yield error(diagram, element, "parameter", f"{who} has a parameter without a name.")


def _user_task(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who, form = called(element.name, element.id), element.properties.get("form")
    if form and not _FORM.fullmatch(form):
        yield error(
            diagram,
            element,
            "form",
            f"{who}: {form[:80]!r} is no form's name. Give its file's name without .form.json.",
        )
    elif not form:
        yield warning(
            diagram,
            element,
            "form",
            f"{who} has no form: it can only be confirmed. Set the property form.",
        )
    for name in sorted(set(element.properties) - USER_TASK_PROPERTIES):
        hint = "Use form." if name in _OTHER_ENGINES else "Check its spelling."
        yield warning(
            diagram, element, "unknown-property", f"{who}: nobody reads {name[:80]!r}. {hint}"
        )


def _script_task(diagram: Diagram, element: Element) -> Iterator[Finding]:
    who = called(element.name, element.id)
    written = (element.attribute("scriptFormat") or "feel").lower()
    if written not in _FEEL_FORMATS:
        yield error(
            diagram,
            element,
            "script-format",
            f"{who}: scripts are FEEL, not {written[:40]}. Set the format to feel.",
        )
    if not element.child("script"):
        yield error(diagram, element, "missing-script", f"{who} has no script. Write FEEL.")
    if not element.properties.get("resultVariable"):
        yield error(
            diagram,
            element,
            "result-variable",
            f"{who}: the result goes nowhere. Set the property resultVariable.",
        )


def _rule_task(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if not called_decision(element):
        yield error(
            diagram,
            element,
            "missing-decision",
            f"{called(element.name, element.id)} names no decision. Set calledDecisionId.",
        )


def _call(diagram: Diagram, element: Element) -> Iterator[Finding]:
    if not element.attribute("calledElement"):
        yield error(
            diagram,
            element,
            "missing-process",
            f"{called(element.name, element.id)} calls nothing. Name the process to call.",
        )


def _event_gateways(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    by_id = {element.id: element for element in scope.elements}
    hosts = {element.attribute("attachedToRef") for element in scope.elements}
    for gateway in scope.elements:
        if gateway.kind != "eventBasedGateway":
            continue
        if gateway.attribute("instantiate") == "true":
            yield error(diagram, gateway, "instantiate", f"{gateway.id} cannot start a process.")
        for flow in scope.outgoing(gateway.id):
            target = by_id.get(flow.target)
            if target is not None and not (
                target.kind in {"intermediateCatchEvent", "receiveTask"}
                and target.repetition is None
                and target.id not in hosts
                and len(scope.incoming(flow.target)) == 1
            ):
                yield error(
                    diagram,
                    target,
                    "event-gateway",
                    f"Behind the event gateway {gateway.id}, {target.id} must be a catching event"
                    " or a receive task of its own, without boundary events.",
                )


def _side_branches(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    """A join waits for all its branches, but a side branch need never begin."""
    side = [e for e in scope.elements if e.kind == "boundaryEvent" and not e.interrupting]
    joins = [e for e in scope.elements if e.kind in {"parallelGateway", "inclusiveGateway"}]
    if not side or not joins:
        return
    graph = links(scope)
    asides = {element.id for element in side}
    main_graph = {
        source: [target for target in targets if target not in asides]
        for source, targets in graph.items()
    }
    main = reached(main_graph, [e.id for e in scope.elements if e.kind == "startEvent"])
    aside = reached(graph, asides)
    for join in joins:
        sources = {flow.source for flow in scope.incoming(join.id)}
        if sources - main and sources & main and sources & aside:
            yield error(
                diagram,
                join,
                "side-branch-join",
                f"{called(join.name, join.id)} would wait for a branch that begins at a"
                " non-interrupting event and need not come. End that branch on its own.",
            )


_RULES: Mapping[str, Callable[[Diagram, Element], Iterator[Finding]]] = {
    "serviceTask": _service_task,
    "sendTask": _service_task,
    "userTask": _user_task,
    "scriptTask": _script_task,
    "businessRuleTask": _rule_task,
    "callActivity": _call,
}
