"""The errors of this package."""

from forms.findings import Finding
from forms.messages import FormError


class FormDefinitionError(Exception):
    """The form's definition is not valid; `findings` lists all that is wrong with it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(finding.message for finding in findings) or self.__doc__)


class UnreadableError(Exception):
    """An answer cannot be read; `error` says what is wrong with it."""

    def __init__(self, error: FormError) -> None:
        self.error = error
        super().__init__(error.text)
