"""Findings at a place in a diagram."""

from collections.abc import Iterator
from typing import Protocol

from engine.findings import Finding, Severity
from engine.runtime.diagram import Diagram, Element, Flow, Scope

MAX_MESSAGE = 600
MAX_ID = 200


class Place(Protocol):
    """Anything in a diagram that has an id and a line."""

    @property
    def id(self) -> str: ...
    @property
    def line(self) -> int | None: ...


def error(diagram: Diagram, place: Place, rule: str, message: str) -> Finding:
    """What must be corrected before the diagram may run."""
    return _finding(diagram, place, rule, Severity.ERROR, message)


def warning(diagram: Diagram, place: Place, rule: str, message: str) -> Finding:
    """What runs, but probably not as meant."""
    return _finding(diagram, place, rule, Severity.WARNING, message)


def _finding(
    diagram: Diagram, place: Place, rule: str, severity: Severity, message: str
) -> Finding:
    """One line of bounded length, whatever the diagram calls its elements."""
    line = " ".join(message.split())[:MAX_MESSAGE]
    return Finding(diagram.file, place.id[:MAX_ID] or None, rule, severity, line, place.line)


def scopes(diagram: Diagram) -> Iterator[Scope]:
    """Processes that are meant to run, and their sub-processes."""
    for process in diagram.processes:
        if is_executable(process):
            yield from process.walk()


def elements(diagram: Diagram) -> Iterator[Element]:
    """The flow nodes of all scopes."""
    for scope in scopes(diagram):
        yield from scope.elements


def all_flows(diagram: Diagram) -> Iterator[Flow]:
    """The sequence flows of all scopes."""
    for scope in scopes(diagram):
        yield from scope.flows


def is_executable(process: Scope) -> bool:
    """Whether a process is meant to run; only an explicit `false` says no."""
    return process.node.get("isExecutable", "true").strip() != "false"


def called(name: str, element_id: str) -> str:
    """How a message speaks of an element."""
    return f"{name!r} ({element_id})" if name else element_id or "an element without id"
