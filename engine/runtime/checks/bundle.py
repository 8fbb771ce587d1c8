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
    seen: dict[str, str] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            if process.id in seen:
                yield error(
                    diagram,
                    process,
                    "duplicate-process",
                    f"The process {process.id} is in {seen[process.id]} already. Rename one.",
                )
            seen.setdefault(process.id, diagram.file)
    if diagrams and not _executable(diagrams):
        yield Finding(
            diagrams[0].file,
            None,
            "no-process",
            Severity.ERROR,
            "No process is meant to run. Draw one and mark it as executable.",
        )
    elif diagrams and main(diagrams) is None:
        names = (
            ", ".join(repr(process.id[:80]) for _, process in _candidates(diagrams))
            or "each other"
        )
        yield Finding(
            diagrams[0].file,
            None,
            "several-processes",
            Severity.ERROR,
            f"Which process is the main one: {names}? Let one call the others, or put it alone"
            f" into {MAIN_FILE}.",
        )


def check_references(
    diagram: Diagram, diagrams: Sequence[Diagram], files: Mapping[str, bytes]
) -> Iterator[Finding]:
    """Findings about called processes and forms that the bundle does not have."""
    processes = {process.id for _, process in _executable(diagrams)}
    models = load(files)
    forms = {name.rpartition("/")[2] for name in files if name.endswith(".form.json")}
    for element in elements(diagram):
        target = element.attribute("calledElement")
        if element.kind == "callActivity" and target and target not in processes:
            yield error(
                diagram,
                element,
                "unknown-process",
                f"{_who(element)} calls {target[:80]}, which this bundle does not have.",
            )
        decision = called_decision(element)
        if element.kind == "businessRuleTask" and decision and find(models, decision) is None:
            yield error(
                diagram,
                element,
                "unknown-decision",
                f"{_who(element)} asks for {decision[:80]}, which this bundle does not have.",
            )
        form = element.properties.get("form")
        if element.kind == "userTask" and form and forms and f"{form}.form.json" not in forms:
            yield error(
                diagram,
                element,
                "unknown-form",
                f"{_who(element)} shows the form {form[:80]}, which this bundle does not have.",
            )
    for process in diagram.processes:
        if not is_executable(process) and process.elements:
            yield warning(
                diagram, process, "not-executable", f"{process.id} is not marked as executable."
            )


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


def _executable(diagrams: Sequence[Diagram]) -> list[tuple[Diagram, Scope]]:
    return [
        (diagram, process)
        for diagram in diagrams
        for process in diagram.processes
        if is_executable(process)
    ]


def _who(element: Element) -> str:
    return called(element.name, element.id)
