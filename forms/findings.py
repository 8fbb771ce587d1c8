"""A finding of a check: what is wrong, where, and how grave.

Defined here, in the package that depends on nobody, for the checks of forms and of all else.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # cannot be used, and blocks publishing
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found; `line` counts from 1, None where a line means nothing."""

    file: str
    element_id: str | None
    rule: str
    severity: Severity
    message: str
    line: int | None = None
