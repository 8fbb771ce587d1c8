"""What definitions refuse."""

from collections.abc import Sequence

from engine.errors import InvalidError
from engine.findings import Finding, Severity


class RefusedError(InvalidError):
    """This bundle cannot be published; every finding says what to change."""

    code = "refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [found for found in findings if found.severity is Severity.ERROR]
        lines = (f"{found.file}: {found.message}" for found in errors)
        super().__init__("The bundle is refused. " + " ".join(lines))
