"""Answers as people read them back: for "check your answers" and for the document."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from forms.labels import label
from forms.model import ASKED, CHOICES, Component, Form, Kind
from forms.moments import subtype
from forms.options import options
from forms.paths import MISSING, dig, dotted
from forms.scope import Evaluate, Patience, Scope
from forms.settling import rows, visible_data
from forms.tokens import token

Formatter = Callable[[str, object], str]  # (kind of value, value) -> text


@dataclass(frozen=True, slots=True)
class Answer:
    """One question with its answer; `section` is the title of the group or row it stands in."""

    section: str
    label: str
    value: str
    path: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class _Source:
    data: Mapping[str, object]
    formatter: Formatter


def answers(
    form: Form,
    data: Mapping[str, object],
    evaluate: Evaluate,
    formatter: Formatter | None = None,
    context: Mapping[str, object] | None = None,
) -> tuple[Answer, ...]:
    """The questions answered by `Submission.data`, in the order of the page.

    The formatter writes numbers, dates and the like for people; it is given one of number, date,
    time, datetime, boolean, file or text, and the value. An empty answer is an empty text.
    """
    scope = Scope(visible_data(data, context or {}), Patience(evaluate))
    return tuple(_answers(form.components, scope, "", _Source(data, formatter or in_english)))


def in_english(kind: str, value: object) -> str:
    """Write a value plainly: ISO dates, numbers with a point, yes and no."""
    if kind == "boolean":
        return "Yes" if value is True else "No"
    return token(value).replace("T", " ") if kind == "datetime" else token(value)


def _answers(
    components: tuple[Component, ...], scope: Scope, section: str, source: _Source
) -> Iterator[Answer]:
    for component in components:
        if scope.value(component.hide) is True:
            continue
        title = label(component, scope) or section
        if component.kind is Kind.GROUP:
            inner = scope.inside(component.path)
            yield from _answers(component.components, inner, title, source)
        elif component.kind is Kind.DYNAMICLIST:
            for number in range(rows(component, scope)):
                inner = scope.row(component, number)
                name = f"{title} {number + 1}"
                yield from _answers(component.components, inner, name, source)
        elif component.kind in ASKED:
            yield from _answer(component, scope, section, source)


def _answer(component: Component, scope: Scope, section: str, source: _Source) -> Iterator[Answer]:
    path = (*scope.prefix, *component.path)
    value = dig(source.data, path, MISSING)
    if value is MISSING:
        return
    personal = component.properties.get("pii", "") not in ("", "false", "no")
    text = _display(component, value, scope, source.formatter)
    yield Answer(section, label(component, scope), text, dotted(path), personal)


def _display(component: Component, value: object, scope: Scope, formatter: Formatter) -> str:
    if component.kind in CHOICES:
        labels = {option.token: option.label for option in options(component, scope)}
        chosen = [token(one) for one in (value if isinstance(value, list) else [value])]
        return ", ".join(labels.get(one, one) for one in chosen)
    if component.kind is Kind.FILEPICKER:
        return ", ".join(
            formatter("file", one) for one in (value if isinstance(value, list) else [])
        )
    if value is None or value == "":
        return ""
    return formatter(_value_kind(component), value)


def _value_kind(component: Component) -> str:
    if component.kind is Kind.DATETIME:
        return subtype(component)
    return {Kind.NUMBER: "number", Kind.CHECKBOX: "boolean"}.get(component.kind, "text")
