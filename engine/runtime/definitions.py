"""From the files of a bundle to a specification, or to findings that say what to correct."""

from collections.abc import Mapping

from engine.findings import Finding, Severity
from engine.runtime import checks, decisions, diagram, reading, safe_xml
from engine.runtime.checks import bundle
from engine.runtime.diagram import Diagram
from engine.runtime.errors import DefinitionError
from engine.runtime.specification import Compiler, Specification
from engine.runtime.values import Outline


def check(files: Mapping[str, bytes]) -> list[Finding]:
    """Everything wrong with the BPMN files of a bundle, at once; other files are looked up.

    Never raises: whatever the bytes are, they give findings.
    """
    return _read(files)[1]


def parse(files: Mapping[str, bytes], process_id: str | None = None) -> Specification:
    """The specification of a process, by default the bundle's main one.

    Raises DefinitionError with all findings if one is an error.
    """
    diagrams, findings = _read(files)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DefinitionError(findings)
    known = {process.id for diagram in diagrams for process in diagram.processes}
    main = bundle.main(diagrams)
    chosen = process_id or (main.id if main else None)
    if chosen is None or chosen not in known:
        message = f"There is no process {chosen or 'at all'} in this bundle."
        raise DefinitionError([Finding("", None, "no-process", Severity.ERROR, message)])
    return Compiler(tuple(diagrams)).specification(chosen, decisions.load(files))


def outline(files: Mapping[str, bytes]) -> tuple[Outline, ...]:
    """The elements of a bundle's readable diagrams, at all depths, in the order of the files."""
    return tuple(
        Outline(
            diagram.file,
            process.id,
            element.id,
            element.name,
            element.kind,
            element.lane,
            element.operator.type if element.operator else None,
            element.properties,
        )
        for diagram in _read(files)[0]
        for process in diagram.processes
        for scope in process.walk()
        for element in scope.elements
    )


def _read(files: Mapping[str, bytes]) -> tuple[list[Diagram], list[Finding]]:
    diagrams, findings = [], []
    for file, data in sorted(files.items()):
        if not file.endswith(".bpmn"):
            continue
        try:
            diagrams.append(_diagram(file, data))
        except safe_xml.HostileXmlError as error:
            findings.append(
                Finding(file, None, error.rule, Severity.ERROR, str(error), error.line)
            )
    return diagrams, findings + checks.run(diagrams, files)


def _diagram(file: str, data: bytes) -> Diagram:
    root = safe_xml.read(data)
    if diagram.tag(root) != "definitions":
        raise safe_xml.HostileXmlError(
            "not-bpmn", "The file is XML, but no BPMN 2.0: its root is not bpmn:definitions."
        )
    return reading.read(file, root)
