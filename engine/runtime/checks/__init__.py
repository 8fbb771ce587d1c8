"""What a bundle's diagrams must be to run: every rule, all findings at once.

A rule is a function from a diagram, or the bundle, to findings. What the engine would misread
or ignore is an error; what is merely odd is a warning.
"""

from collections.abc import Iterable, Iterator, Mapping

from engine.findings import Finding
from engine.runtime.checks import bundle, elements, events, expressions, flows, ids, loops
from engine.runtime.diagram import Diagram

MAX_FINDINGS = 300  # of one file; nobody reads more
_RULES = (
    ids.check_ids,
    flows.check_flows,
    elements.check_elements,
    events.check_events,
    loops.check_loops,
    expressions.check_expressions,
)


def run(diagrams: Iterable[Diagram], files: Mapping[str, bytes]) -> list[Finding]:
    """All findings of all rules, in the order of files and lines."""
    diagrams = list(diagrams)
    found: list[Finding] = []
    for diagram in diagrams:
        own = [*_of(diagram), *bundle.check_references(diagram, diagrams, files)]
        own.sort(key=lambda finding: (finding.line or 0, finding.element_id or "", finding.rule))
        found += own[:MAX_FINDINGS]
    return [*found, *bundle.check_processes(diagrams)]


def _of(diagram: Diagram) -> Iterator[Finding]:
    for rule in _RULES:
        yield from rule(diagram)
