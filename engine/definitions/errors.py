"""What definitions refuse."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import InvalidError, NotFoundError
from engine.findings import Finding, Severity


class WithdrawnError(NotFoundError):
    """This service is not offered any more. What was begun or sent before goes on."""

    code = "withdrawn"


class RefusedError(InvalidError):
    """This bundle cannot be published; every finding says what to change."""

    code = "refused"

    def __init__(self, findings: Sequence[Finding], folder: Path | None = None) -> None:
        self.findings = tuple(findings)
        errors = [found for found in findings if found.severity is Severity.ERROR]
        lines = [f"{found.file}: {found.message}" for found in errors]
        what = f"The bundle in {folder} is refused." if folder else "The bundle is refused."
        super().__init__("\n  ".join([what, *lines]))
