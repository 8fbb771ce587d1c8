"""The answers a choice offers: listed in the form, found under a key, or computed."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.limits import OPTIONS
from forms.model import MULTIPLE, Component
from forms.paths import dig
from forms.scope import Scope
from forms.tokens import to_json, token


@dataclass(frozen=True, slots=True)
class Option:
    """An answer; `token` stands for its value in HTML."""

    value: object
    token: str
    label: str


def options(component: Component, scope: Scope) -> tuple[Option, ...]:
    """The answers offered at this place, labels filled in."""
    expression = component.settings.get("valuesExpression")
    key = component.settings.get("valuesKey")
    if expression:
        return _computed(scope.value(expression))
    if isinstance(key, str) and key:
        return _computed(dig(scope.root, tuple(key.split("."))))
    return tuple(_listed(component, value, scope) for value in component.option_values)


def typed(component: Component, value: object, offered: tuple[Option, ...]) -> object:
    """The posted tokens as the values they stand for; what stands for none stays as it is."""
    values = {option.token: option.value for option in offered}
    if component.kind in MULTIPLE:
        listed = value if isinstance(value, list) else []
        return [values.get(token(inner), inner) for inner in listed]
    return values.get(token(value), value)


def _listed(component: Component, value: object, scope: Scope) -> Option:
    name = token(value)
    return Option(value, name, scope.text(component.texts[f"options.{name}"]))


def _computed(found: object) -> tuple[Option, ...]:
    offered = found if isinstance(found, list) else []
    return tuple(_option(item) for item in offered[:OPTIONS] if token(_value(item)))


def _option(item: object) -> Option:
    value = to_json(_value(item))
    label = item.get("label") if isinstance(item, Mapping) else None
    return Option(value, token(value), token(label) or token(value))


def _value(item: object) -> object:
    return item.get("value") if isinstance(item, Mapping) else item
