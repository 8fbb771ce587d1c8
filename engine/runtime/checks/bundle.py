"""The bundle as a whole: one main process, and everything that is referred to is there."""

from collections.abc import Iterator, Mapping, Sequence

from engine.findings import Finding, Severity
from engine.runtime.checks.places import called, elements, error, is_executable, warning
from engine.runtime.decisions import find, load
from engine.runtime.diagram import Diagram, Element, Scope
from engine.runtime.specification import called_decision

MAIN_FILE = "process.bpmn"


def check_processes(diagrams: Sequence[Diagram]) -> Iterator[Finding]:
    """Findings about which process is the main one."""
    yield from _duplicates(diagrams)
    if diagrams and not _executable(diagrams):
        message = "No process is meant to run. Draw one and mark it as executable."
        yield _of_bundle(diagrams[0], "no-process", message)
    elif diagrams and main(diagrams) is None:
        candidates = [repr(process.id[:80]) for _, process in _candidates(diagrams)[:5]]
        yield _of_bundle(
            diagrams[0],
            "several-processes",
            f"Which process is the main one: {', '.join(candidates) or 'they call each other'}?"
            f" Let one call the others, or put it alone into {MAIN_FILE}.",
        )


def check_references(
    diagram: Diagram, diagrams: Sequence[Diagram], files: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Findings about processes, decisions and forms that the bundle does not have."""
    processes = {process.id for _, process in _executable(diagrams)}
    models = load(files)
    forms = {name.rpartition("/")[2] for name in files if name.endswith(".form.json")}
    for element in elements(diagram):
        target = element.attribute("calledElement")
        if element.kind == "callActivity" and target and target not in processes:
            yield _unknown(diagram, element, "process", target)
        decision = called_decision(element)
        if element.kind == "businessRuleTask" and decision and find(models, decision) is None:
            yield _unknown(diagram, element, "decision", decision)
        form = element.properties.get("form")
        if element.kind == "userTask" and form and forms and f"{form}.form.json" not in forms:
            yield _unknown(diagram, element, "form", form)
    for process in diagram.processes:
        if not is_executable(process) and process.elements:
            message = f"{process.id} is not marked as executable."
            yield warning(diagram, process, "not-executable", message)


def main(diagrams: Sequence[Diagram]) -> Scope | None:
    """The process that a case starts: the only one that no other calls, or that of MAIN_FILE."""
    candidates = _candidates(diagrams)
    if len(candidates) > 1:
        candidates = [pair for pair in candidates if pair[0].file.endswith(MAIN_FILE)]
    return candidates[0][1] if len(candidates) == 1 else None


def _candidates(diagrams: Sequence[Diagram]) -> list[tuple[Diagram, Scope]]:
    calls = {
        element.attribute("calledElement")
        for _, process in _executable(diagrams)
        for scope in process.walk()
        for element in scope.elements
        if element.kind == "callActivity" and element.attribute("calledElement") != process.id
    }
    return [pair for pair in _executable(diagrams) if pair[1].id not in calls]


def _duplicates(diagrams: Sequence[Diagram]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            if process.id in seen:
                message = f"The process {process.id} is in {seen[process.id]} already. Rename one."
                yield error(diagram, process, "duplicate-process", message)
            seen.setdefault(process.id, diagram.file)


def _unknown(diagram: Diagram, element: Element, what: str, name: str) -> Finding:
    who = called(element.name, element.id)
    message = f"{who} needs the {what} {name[:80]!r}, which this bundle does not have."
    return error(diagram, element, f"unknown-{what}", message)


def _of_bundle(diagram: Diagram, rule: str, message: str) -> Finding:
    return Finding(diagram.file, None, rule, Severity.ERROR, message)


def _executable(diagrams: Sequence[Diagram]) -> list[tuple[Diagram, Scope]]:
    return [
        (diagram, process)
        for diagram in diagrams
        for process in diagram.processes
        if is_executable(process)
    ]
