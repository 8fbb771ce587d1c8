"""Everything that is wrong with a decision model, found at once."""

from collections.abc import Iterator

from engine.feel.dmn import xml
from engine.feel.dmn.model import DecisionService, InputData, Model, Part, Requirer
from engine.feel.dmn.reader import Reading, read
from engine.feel.dmn.xml import Element
from engine.feel.errors import FeelError
from engine.feel.limits import metered
from engine.findings import Finding, Severity

_NEEDS_LOGIC = ("decision", "businessKnowledgeModel")
_NO_LOGIC = frozenset(
    (
        *("variable", "question", "allowedAnswers", "description", "extensionElements"),
        *("informationRequirement", "knowledgeRequirement", "authorityRequirement"),
    )
)
Problem = tuple[Element, str, str]


def check(content: bytes, file: str) -> list[Finding]:
    """All findings of a model's XML, in the order of the file; errors make it unusable."""
    try:
        with metered():
            reading = read(xml.root(content), {})
    except FeelError as error:
        return [Finding(file, None, "dmn-xml", Severity.ERROR, str(error))]
    problems = [*reading.problems, *_structure(reading)]
    found = [_finding(file, Severity.ERROR, *problem) for problem in problems]
    doubts = [*_types(reading), *_unknown_names(reading)]
    found += [_finding(file, Severity.WARNING, *doubt) for doubt in doubts]
    return sorted(found, key=lambda one: one.line or 0)


def _finding(file: str, severity: Severity, element: Element, rule: str, message: str) -> Finding:
    line = element.sourceline if isinstance(element.sourceline, int) else None
    return Finding(file, _nearest_id(element), rule, severity, message, line)


def _nearest_id(element: Element) -> str | None:
    place: Element | None = element
    while place is not None:
        if place.get("id"):
            return place.get("id")
        place = place.getparent()
    return None


def _structure(reading: Reading) -> Iterator[Problem]:
    seen: set[str] = set()
    circular = _circular(reading.model)
    for element in reading.root:
        name = xml.attribute(element, "name")
        if xml.tag(element) not in ("decision", "inputData", "businessKnowledgeModel"):
            continue
        if not name:
            yield element, "no-name", "The element has no name."
        elif name in seen:
            yield element, "duplicate-name", f"There are two elements called {name}."
        seen.add(name)
        if xml.attribute(element, "id") in circular:
            yield element, "cycle", f"{name} requires itself."
        yield from _logic(element)
        yield from _requirements(element, reading.model)


def _logic(element: Element) -> Iterator[Problem]:
    holder = element
    if xml.tag(element) == "businessKnowledgeModel":
        logic = xml.child(element, "encapsulatedLogic")
        holder = element if logic is None else logic
    if xml.tag(element) not in _NEEDS_LOGIC:
        return
    if not any(xml.tag(one) and xml.tag(one) not in _NO_LOGIC for one in holder):
        yield element, "no-logic", f"{xml.attribute(element, 'name')} has no logic."


def _requirements(element: Element, model: Model) -> Iterator[Problem]:
    for required in element.iter(
        "{*}requiredInput", "{*}requiredDecision", "{*}requiredKnowledge"
    ):
        where, _, identifier = xml.attribute(required, "href").rpartition("#")
        foreign = where not in ("", model.namespace)
        if foreign and where not in model.imports:
            yield required, "requirement", f"The model {where} is not imported."
        if not foreign and identifier not in model.parts:
            yield required, "requirement", f"There is no element {identifier}."


def _circular(model: Model) -> set[str]:
    """Ids of the parts that require themselves, over others or not."""
    parts = model.parts.values()
    edges = [(part.id, other) for part in parts for other in _own(model, part)]
    inverse = [(other, one) for one, other in edges]
    return _unordered(edges) & _unordered(inverse)


def _unordered(edges: list[tuple[str, str]]) -> set[str]:
    """What is left when all that requires nothing is taken away, again and again."""
    dependents: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for one, other in edges:
        dependents.setdefault(other, []).append(one)
        counts[one] = counts.get(one, 0) + 1
    ready = [one for one in dependents if one not in counts]
    while ready:
        for one in dependents.get(ready.pop(), ()):
            counts[one] -= 1
            if counts[one] == 0:
                ready.append(one)
    return {one for one, count in counts.items() if count}


def _own(model: Model, part: Part) -> set[str]:
    """Ids of the model's own parts that a part requires."""
    if isinstance(part, InputData):
        return set()
    references = part.outputs if isinstance(part, DecisionService) else part.requires
    return {one for namespace, one in references if namespace == model.namespace}


def _types(reading: Reading) -> Iterator[Problem]:
    """Type references that name no type are read as Any."""
    for element in reading.root.iter("{*}*"):
        reference = xml.attribute(element, "typeRef")
        foreign = reference.partition(".")[0] in reading.model.imports.values()
        if xml.tag(element) and reference and not foreign and not reading.types.knows(reference):
            yield element, "type", f"There is no type {reference}."


def _unknown_names(reading: Reading) -> Iterator[Problem]:
    """Names that nothing required provides are null; most often they are typing mistakes."""
    model = reading.model
    for element in reading.root:
        part = model.parts.get(xml.attribute(element, "id"))
        if not isinstance(part, Requirer) or xml.tag(element) not in _NEEDS_LOGIC:
            continue
        given = {model.parts[one].name for _, one in part.requires if one in model.parts}
        for name in sorted(part.reads - given - set(model.imports.values())):
            yield (
                element,
                "unknown-name",
                f"{part.name} reads {name!r}, which it does not require.",
            )
