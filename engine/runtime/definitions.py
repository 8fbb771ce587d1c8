"""From the files of a bundle to a specification, or to findings that say what to correct."""

from collections.abc import Mapping

from engine.findings import Finding, Severity
from engine.runtime import diagram, safe_xml
from engine.runtime.diagram import Diagram
from engine.runtime.errors import DefinitionError
from engine.runtime.specification import Compiler, Specification


def check(files: Mapping[str, bytes]) -> list[Finding]:
    """Everything wrong with the BPMN files of a bundle, at once; other files are looked up."""
    _, findings = _read(files)
    return findings


def parse(files: Mapping[str, bytes], process_id: str | None = None) -> Specification:
    """The specification of a process, by default the bundle's main one.

    Raises DefinitionError with all findings if one is an error.
    """
    diagrams, findings = _read(files)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DefinitionError(findings)
    decisions = {name: data for name, data in files.items() if name.endswith(".dmn")}
    main = process_id or diagrams[0].processes[0].id
    return Compiler(tuple(diagrams)).specification(main, decisions)


def _read(files: Mapping[str, bytes]) -> tuple[list[Diagram], list[Finding]]:
    diagrams, findings = [], []
    for file, data in sorted(files.items()):
        if not file.endswith(".bpmn"):
            continue
        try:
            diagrams.append(diagram.read(file, safe_xml.read(data)))
        except safe_xml.HostileXmlError as error:
            findings.append(
                Finding(file, None, error.rule, Severity.ERROR, str(error), error.line)
            )
    return diagrams, findings
