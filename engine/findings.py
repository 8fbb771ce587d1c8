"""A finding of a check, the same for forms and for the engine that stands on them."""

from forms.findings import Finding, Severity

__all__ = ["Finding", "Severity"]
