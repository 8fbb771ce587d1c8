"""Which questions a form asks, given the answers.

Hidden ones lose their value, which may hide others; expressions are computed, which may show
others. Repeated until nothing changes, at most ROUNDS times.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from forms.limits import ROUNDS
from forms.model import CHOICES, CONTAINERS, INPUTS, Component, Form, Kind
from forms.options import options, typed
from forms.paths import Path, dig, put
from forms.scope import Evaluate, Scope
from forms.tokens import to_feel, to_json
from forms.values import Ground, empty, given


@dataclass(frozen=True, slots=True)
class Place:
    """One component at one place of the page: in a list, once for each row."""

    component: Component
    path: Path
    scope: Scope
    hidden: bool


def settle(
    form: Form, values: Mapping[str, object], evaluate: Evaluate, ground: Ground
) -> dict[str, object]:
    """The values once every condition and expression has been followed."""
    settled = deepcopy(dict(values))
    for _ in range(ROUNDS):
        before = deepcopy(settled)
        scope = Scope(visible_data(before, ground.known), evaluate)
        for place in walk(form.components, scope):
            _settle_place(place, settled, ground)
        if settled == before:
            break
    return settled


def visible_data(values: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    """What expressions see: the known data with the form's values laid over it."""
    return {name: to_feel(value) for name, value in overlaid(known, values).items()}


def overlaid(below: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """Both, object by object; where both have a value, the one above counts."""
    merged = dict(below)
    for name, value in above.items():
        under = below.get(name)
        if isinstance(under, Mapping) and isinstance(value, Mapping):
            merged[name] = overlaid(under, value)
        else:
            merged[name] = value
    return merged


def walk(
    components: tuple[Component, ...], scope: Scope, *, hidden: bool = False
) -> Iterator[Place]:
    """Every component at every place, containers before what is inside them."""
    for component in components:
        gone = hidden or scope.value(component.hide) is True
        yield Place(component, (*scope.prefix, *component.path), scope, gone)
        for inner in _scopes_inside(component, scope):
            yield from walk(component.components, inner, hidden=gone)


def rows(component: Component, scope: Scope) -> int:
    """How many rows the list has in the scope's data."""
    found = dig(scope.root, (*scope.prefix, *component.path))
    return len(found) if isinstance(found, list) else 0


def _scopes_inside(component: Component, scope: Scope) -> Iterator[Scope]:
    if component.kind is Kind.DYNAMICLIST:
        for number in range(rows(component, scope)):
            yield scope.row(component, number)
    elif component.kind in CONTAINERS:
        yield scope.inside(component.path)


def _settle_place(place: Place, settled: dict[str, object], ground: Ground) -> None:
    component = place.component
    if component.kind is Kind.DYNAMICLIST and place.hidden:
        put(settled, place.path, [])
    elif component.kind in INPUTS and dig(settled, place.path[:-1]) is not None:
        put(settled, place.path, _settled_value(place, settled, ground))


def _settled_value(place: Place, settled: Mapping[str, object], ground: Ground) -> object:
    component, scope = place.component, place.scope
    value = dig(settled, place.path)
    if place.hidden:
        return empty(component)
    if component.kind is Kind.EXPRESSION:
        return to_json(scope.value(component.settings.get("expression")))
    if scope.value(component.readonly) is True:
        return given(component, place.path, ground)
    if component.kind in CHOICES:
        return typed(component, value, options(component, scope))
    return value
