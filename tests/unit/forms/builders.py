"""Forms for tests: components with what they need at least, and overrides."""

from datetime import UTC, datetime

import forms
from engine import feel
from engine.feel.errors import FeelError

MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
evaluate = forms.guarded(feel.evaluate, FeelError)


def component(kind, name="it", **overrides):
    """A component with id and key, or path, of this name."""
    key = {"path": name} if kind in ("group", "dynamiclist") else {"key": name}
    made = {"type": kind, "id": name, "label": name.title(), **key, **overrides}
    return {key: value for key, value in made.items() if value is not None}


def schema(*components, **overrides):
    return {
        "type": "default",
        "id": "claim",
        "schemaVersion": 19,
        "components": list(components),
        **overrides,
    }


def form(*components):
    return forms.parse(schema(*components))


def choices(*values):
    return [{"value": value, "label": str(value).title()} for value in values]


def submit(*components, raw=None, context=None):
    """Validate a post to a form of these components; single values need no list."""
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in (raw or {}).items()
    }
    return forms.validate(form(*components), listed, evaluate, context)


def codes(submission):
    return {path: error.code for path, error in submission.errors.items()}


def show(*components, data=None, errors=None, **options):
    return forms.view(form(*components), data or {}, errors or {}, evaluate, **options)


def shown(*components, **options):
    """The first field shown of a form of these components."""
    return show(*components, **options).rows[0].fields[0]
