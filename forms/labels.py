"""What a question is called, wherever it is named: at the field, in errors, in answers."""

from forms.model import Component, Kind
from forms.moments import subtype
from forms.scope import Scope


def label(component: Component, scope: Scope) -> str:
    """The label, filled in; a datetime's own label of its date or time comes first."""
    texts = component.texts
    own = ""
    if component.kind is Kind.DATETIME:
        own = texts.get("timeLabel" if subtype(component) == "time" else "dateLabel", "")
    return scope.text(own or texts.get("label", ""))


def full_label(component: Component, scope: Scope) -> str:
    """The label with the titles of the rows the question stands in."""
    return ", ".join((*scope.titles, label(component, scope)))
