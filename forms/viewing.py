"""From a form and its values to what templates show."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import groupby

from forms import markdown
from forms.labels import label
from forms.limits import TABLE_COLUMNS, TABLE_ROWS
from forms.messages import FormError
from forms.model import CHOICES, INPUTS, MULTIPLE, Component, Form, Kind
from forms.moments import Today, for_input, subtype
from forms.options import options
from forms.paths import Path, dig, dotted
from forms.reading import read
from forms.rules import longest
from forms.scope import Evaluate, Patience, Scope
from forms.settling import overlaid, rows, settle, visible_data
from forms.sources import safe_address
from forms.tokens import token
from forms.validation import this_day
from forms.values import Ground
from forms.views import Entry, FieldView, FormView, OptionView, Row, SummaryLine, every_field

_GRID, _COLUMNS = 12, 16
_NEVER_READONLY = CHOICES | {Kind.CHECKBOX, Kind.FILEPICKER}  # HTML has no readonly for these
_GAPS = (8, 16, 24, 48)  # pixels up to which a spacer is of size 1, 2, 3, 4
_INPUT_TYPES = {"date": "date", "time": "time", "datetime": "datetime-local"}


@dataclass(frozen=True, slots=True)
class _Page:
    values: Mapping[str, object]
    typed: Mapping[Path, str]  # what could not be read is shown as it was typed
    errors: Mapping[str, FormError]
    today: Today
    readonly: bool


def view(
    form: Form,
    data: Mapping[str, object],
    errors: Mapping[str, FormError],
    evaluate: Evaluate,
    context: Mapping[str, object] | None = None,
    *,
    zone: tzinfo = UTC,
    readonly: bool = False,
) -> FormView:
    """Show the form with these values: those known, or `Submission.entered` after a post."""
    patient = Patience(evaluate)
    ground = Ground(overlaid(context or {}, data), this_day(patient, zone))
    reading = read(form, {}, ground)
    values = settle(form, reading.values, patient, ground)
    scope = Scope(visible_data(values, ground.known), patient)
    page = _Page(values, reading.typed, errors, ground.today, readonly)
    shown = _rows(form.components, scope, page)
    summary = tuple(
        SummaryLine(one.target, one.full_label, one.error)
        for one in every_field(shown)
        if one.error
    )
    whole = errors.get("")
    if whole:
        summary = (SummaryLine(f"form-{form.id}", "", whole), *summary)
    return FormView(f"form-{form.id}", shown, summary, _refreshes(form))


def _refreshes(form: Form) -> bool:
    """Whether anything on the page follows from answers: then it is worth asking the server."""
    return any(
        isinstance(setting, str) and (setting.startswith("=") or "{{" in setting)
        for component in form.every_component()
        for setting in (
            component.hide,
            component.readonly,
            *component.settings.values(),
            *component.texts.values(),
        )
    )


def _rows(components: tuple[Component, ...], scope: Scope, page: _Page) -> tuple[Row, ...]:
    visible = [c for c in components if scope.value(c.hide) is not True and _is_shown(c)]
    keyed = [(c.row or f"\0{number}", c) for number, c in enumerate(visible)]
    return tuple(
        Row(tuple(_field(component, scope, page) for _, component in group))
        for _, group in groupby(keyed, key=lambda pair: pair[0])
    )


def _is_shown(component: Component) -> bool:
    return component.kind not in {Kind.EXPRESSION, Kind.BUTTON}


def _field(component: Component, scope: Scope, page: _Page) -> FieldView:
    path = (*scope.prefix, *component.path)
    has_name = component.kind in INPUTS | {Kind.DYNAMICLIST}
    numbers = "-".join(map(str, scope.indexes))
    shown = FieldView(
        kind=component.kind,
        id="f-" + "-".join(map(str, path)) if has_name else f"c-{component.id}{numbers}",
        name=dotted(path) if has_name else "",
        label=label(component, scope),
        titles=scope.titles,
        description=_text(component, "description", scope),
        prefix=_text(component, "prefixAdorner", scope),
        suffix=_text(component, "suffixAdorner", scope),
        span=component.columns and max(1, round(component.columns * _GRID / _COLUMNS)),
        error=page.errors.get(dotted(path)) if has_name else None,
    )
    if component.kind in INPUTS:
        return _input(shown, component, scope, page)
    return _container(shown, component, scope, page) or _presentation(shown, component, scope)


def _text(component: Component, name: str, scope: Scope) -> str:
    return scope.text(component.texts.get(name, ""))


def _input(shown: FieldView, component: Component, scope: Scope, page: _Page) -> FieldView:
    path = (*scope.prefix, *component.path)
    value = page.typed.get(path) or dig(page.values, path)
    readonly = page.readonly or scope.value(component.readonly) is True
    shown = replace(
        shown,
        required=scope.value(component.limits.get("required")) is True,
        readonly=readonly,
        inert=component.disabled or (readonly and component.kind in _NEVER_READONLY),
        attributes=_attributes(component, scope),
    )
    if component.kind in CHOICES:
        return replace(shown, options=_options(component, scope, value))
    if component.kind is Kind.CHECKBOX:
        return replace(shown, checked=value is True)
    if component.kind is Kind.FILEPICKER:
        files = value if isinstance(value, list) else []
        return replace(shown, files=tuple(map(token, files)))
    text = token(value)
    is_moment = component.kind is Kind.DATETIME
    return replace(shown, value=for_input(component, text, page.today) if is_moment else text)


def _options(component: Component, scope: Scope, value: object) -> tuple[OptionView, ...]:
    many = component.kind in MULTIPLE and isinstance(value, list)
    chosen = set(map(token, value)) if many and isinstance(value, list) else {token(value)}
    return tuple(
        OptionView(option.token, option.label, option.token in chosen)
        for option in options(component, scope)
    )


def _attributes(component: Component, scope: Scope) -> dict[str, str]:
    """The attributes of the input that follow from the component's settings."""
    kind, properties = component.kind, component.properties
    attributes = {n: properties[n] for n in ("autocomplete", "inputmode") if n in properties}
    if kind in {Kind.TEXTFIELD, Kind.TEXTAREA}:
        attributes["maxlength"] = str(longest(component, scope))
    if kind is Kind.TEXTFIELD:
        validation = str(component.limits.get("validationType"))
        attributes["type"] = {"email": "email", "phone": "tel"}.get(validation, "text")
    if kind is Kind.NUMBER:
        whole = component.settings.get("decimalDigits") == 0
        attributes = {"type": "text", "inputmode": "numeric" if whole else "decimal", **attributes}
    if kind is Kind.DATETIME:
        attributes["type"] = _INPUT_TYPES[subtype(component)]
    if kind is Kind.FILEPICKER:
        attributes |= _file_attributes(component, scope)
    return attributes


def _file_attributes(component: Component, scope: Scope) -> dict[str, str]:
    accept = component.settings.get("accept")
    many = scope.value(component.settings.get("multiple")) is True
    accepted = {"accept": scope.text(accept)} if isinstance(accept, str) and accept else {}
    return {"type": "file", **accepted, **({"multiple": "multiple"} if many else {})}


def _container(
    shown: FieldView, component: Component, scope: Scope, page: _Page
) -> FieldView | None:
    outlined = component.settings.get("showOutline") is True
    if component.kind is Kind.GROUP:
        inner = _rows(component.components, scope.inside(component.path), page)
        return replace(shown, rows=inner, outlined=outlined)
    if component.kind is not Kind.DYNAMICLIST:
        return None
    entries = tuple(
        Entry(
            number + 1,
            f"{shown.name}.{number}",
            _rows(component.components, scope.row(component, number), page),
        )
        for number in range(rows(component, scope))
    )
    repeats = component.repeats and not page.readonly
    return replace(shown, entries=entries, outlined=outlined, repeats=repeats)


def _presentation(shown: FieldView, component: Component, scope: Scope) -> FieldView:
    if component.kind is Kind.TEXT:
        text = scope.text(component.texts.get("text", ""), markdown.escaped)
        return replace(shown, html=markdown.to_html(text))
    if component.kind is Kind.IMAGE:
        source = safe_address(_text(component, "source", scope))
        return replace(shown, attributes={"src": source, "alt": _text(component, "alt", scope)})
    if component.kind is Kind.TABLE:
        return _table(shown, component, scope)
    if component.kind is Kind.SPACER:
        height = component.settings.get("height", 60)
        pixels = height if isinstance(height, int) else 60
        return replace(shown, gap=1 + sum(pixels > limit for limit in _GAPS))
    return shown


def _table(shown: FieldView, component: Component, scope: Scope) -> FieldView:
    source = component.settings.get("dataSource")
    found = scope.value(source)
    if isinstance(found, str):
        found = dig(scope.root, tuple(found.split(".")))
    lines = found[:TABLE_ROWS] if isinstance(found, list) else []
    columns = _columns(component, scope)
    cells = tuple(tuple(token(dig(line, (key,))) for key, _ in columns) for line in lines)
    return replace(shown, headings=tuple(heading for _, heading in columns), cells=cells)


def _columns(component: Component, scope: Scope) -> list[tuple[str, str]]:
    expression = component.settings.get("columnsExpression")
    if not expression:
        named = [name for name in component.texts if name.startswith("columns.")]
        return [(name.removeprefix("columns."), _text(component, name, scope)) for name in named]
    found = scope.value(expression)
    columns = [c for c in found if isinstance(c, Mapping)] if isinstance(found, list) else []
    return [(token(c.get("key")), token(c.get("label"))) for c in columns[:TABLE_COLUMNS]]
