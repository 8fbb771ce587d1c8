"""A finding of a form's check: what is wrong, where, and how grave.

The same fields as the findings of every other check of the product, so that a caller copies
them one to one; forms depends on nobody and therefore defines its own value.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # the form cannot be used
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
