"""Expressions: every one is FEEL, and every timer has a time."""

from collections.abc import Iterator

from engine import feel
from engine.feel.errors import FeelError, FeelSyntaxError
from engine.findings import Finding
from engine.runtime import moments, waits
from engine.runtime.checks.places import Place, all_flows, called, elements, error
from engine.runtime.diagram import BPMN, Diagram, Element, Event
from engine.runtime.instance import as_feel

_LANGUAGE_MARK = "feel"
_URIS = ("omg.org", "w3.org/2001/xmlschema")  # of FEEL itself, or of nothing in particular


def check_expressions(diagram: Diagram) -> Iterator[Finding]:
    """Findings about conditions, timers, parameters, scripts and repetitions."""
    for flow in all_flows(diagram):
        if flow.condition:
            yield from _feel(diagram, flow, f"the condition of {flow.id}", flow.condition)
        node = flow.node.find(f"{{{BPMN}}}conditionExpression")
        language = (node.get("language") or "").lower() if node is not None else ""
        if language and _LANGUAGE_MARK not in language and not any(u in language for u in _URIS):
            yield error(
                diagram,
                flow,
                "expression-language",
                f"The condition of {flow.id} is {language[:40]}; expressions are FEEL.",
            )
    for element in elements(diagram):
        who = called(element.name, element.id)
        for what, text in _texts(element):
            yield from _feel(diagram, element, f"{what} of {who}", text)
        for event in element.events:
            if event.kind == "timer":
                yield from _timer(diagram, element, event)


def _texts(element: Element) -> Iterator[tuple[str, str]]:
    """The FEEL expressions of an element, each with what it is."""
    if element.operator is not None:
        for name, text in element.operator.parameters.items():
            yield f"the parameter {name[:80]}", text
    if element.kind == "scriptTask" and (source := element.child("script")):
        yield "the script", source
    for name, text in element.properties.items():
        if waits.is_expression(name, text):
            yield f"the property {name}", text
    repetition = element.repetition
    if repetition is not None:
        for name in ("condition", "cardinality", "collection", "output_item", "completion"):
            if text := getattr(repetition, name):
                yield f"the {name.replace('_', ' ')}", text


def _feel(diagram: Diagram, place: Place, what: str, text: str) -> Iterator[Finding]:
    try:
        feel.compile(as_feel(text))
    except FeelSyntaxError as problem:
        yield error(diagram, place, "feel-syntax", f"In {what}: {problem} {_hint(text)}".rstrip())
    except FeelError as problem:
        yield error(diagram, place, "feel-limit", f"In {what}: {problem}")


def _hint(text: str) -> str:
    if text.startswith(("${", "#{")):
        return "Expressions are FEEL: write it without ${ }."
    if "==" in text or "&&" in text or "||" in text:
        return "FEEL writes =, and, or."
    return ""


def _timer(diagram: Diagram, element: Element, event: Event) -> Iterator[Finding]:
    who, text = called(element.name, element.id), event.expression
    cycle = event.clock == "timeCycle"
    if not text:
        yield error(
            diagram,
            element,
            "timer-without-time",
            f"{who} has no time. Give a duration such as PT1H, a moment, or FEEL.",
        )
        return
    if cycle and (element.kind != "boundaryEvent" or element.interrupting):
        yield error(
            diagram,
            element,
            "timer-cycle",
            f"{who} fires once, so a cycle has no meaning. Give a duration.",
        )
    reason = _fault(text, cycle=cycle)
    if reason:
        yield error(
            diagram,
            element,
            "timer-syntax",
            f"{who}: {text[:80]!r} is no time. {reason} Write PT1H, R3/PT10M, or FEEL.",
        )


def _fault(text: str, *, cycle: bool) -> str | None:
    """What is wrong with a timer's time, if anything; FEEL can only be judged when it is due."""
    try:
        if moments.is_bare(text) or moments.is_like_cycle(text):
            (moments.rounds if cycle else moments.due)(text, lambda _: None)
        else:
            feel.compile(as_feel(text))
    except (moments.NotAMomentError, FeelError) as problem:
        return str(problem)
    return None
