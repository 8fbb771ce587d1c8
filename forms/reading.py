"""From what was posted to typed values, field by field as the form says; the rest is dropped.

A field that was not on the page reads as what is known of it already, or as its default: every
field on the page is posted, if only as an empty text.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from forms import moments, normal, numerals
from forms.errors import UnreadableError
from forms.limits import FILES, REFERENCE_LENGTH, ROWS, ROWS_IN_ALL, TEXT_READ, VALUES_PER_KEY
from forms.messages import FormError, error
from forms.model import CHOICES, CONTAINERS, INPUTS, MULTIPLE, Component, Form, Kind
from forms.moments import Today
from forms.paths import MISSING, Path, canonical, dig, dotted, put

ROW_COUNT = "_rows"  # the field `<path of list>._rows` says how many rows the page showed
_STEPS = 24
_UNTICKED = frozenset({"", "0", "false", "off"})
_SHAPES = {Kind.CHECKLIST: list, Kind.TAGLIST: list, Kind.CHECKBOX: bool}


@dataclass(slots=True)
class Reading:
    """What could be read; `typed` keeps the text of what could not."""

    values: dict[str, object] = field(default_factory=dict)
    typed: dict[Path, str] = field(default_factory=dict)
    errors: dict[str, FormError] = field(default_factory=dict)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class _Post:
    fields: Mapping[str, list[str]]
    row_counts: Mapping[str, int]
    known: Mapping[str, object]
    today: Today


def read(
    form: Form, raw: Mapping[str, list[str]], known: Mapping[str, object], today: Today
) -> Reading:
    """Read a post; `known` holds the values of fields that are not on the page."""
    fields = {canonical(name): values for name, values in raw.items()}
    post = _Post(fields, row_counts(fields), known, today)
    reading = Reading()
    _read_all(form.components, (), post, reading)
    return reading


def completed(form: Form, known: Mapping[str, object], today: Today) -> dict[str, object]:
    """The values of all fields before anything is posted: what is known, else the defaults."""
    return read(form, {}, known, today).values


def given(component: Component, path: Path, known: Mapping[str, object]) -> object:
    """What is known of a field without asking, its default, or its empty value."""
    value = dig(known, path, MISSING)
    if value is MISSING:
        value = component.settings.get("defaultValue")
    fits = value is not None and isinstance(value, _SHAPES.get(component.kind, object))
    return deepcopy(value) if fits else empty(component)


def empty(component: Component) -> object:
    """The value of a field without an answer."""
    if component.kind in MULTIPLE:
        return []
    if component.kind in {Kind.TEXTFIELD, Kind.TEXTAREA}:
        return ""
    return False if component.kind is Kind.CHECKBOX else None


def _read_all(
    components: tuple[Component, ...], prefix: Path, post: _Post, reading: Reading
) -> None:
    for component in components:
        path = (*prefix, *component.path)
        if component.kind is Kind.DYNAMICLIST:
            _read_list(component, path, post, reading)
        elif component.kind in CONTAINERS:
            _read_all(component.components, path, post, reading)
        elif component.kind in INPUTS:
            put(reading.values, path, _value(component, path, post, reading))


def _read_list(component: Component, path: Path, post: _Post, reading: Reading) -> None:
    count = _row_count(component, path, post)
    if count > ROWS or reading.rows + count > ROWS_IN_ALL:
        reading.errors[dotted(path)] = error("rows", limit=ROWS)
        count = max(min(count, ROWS, ROWS_IN_ALL - reading.rows), 0)
    reading.rows += count
    put(reading.values, path, [{} for _ in range(count)])
    for number in range(count):
        _read_all(component.components, (*path, number), post, reading)


def _row_count(component: Component, path: Path, post: _Post) -> int:
    posted = post.row_counts.get(dotted(path))
    if component.repeats and posted is not None:
        return posted
    known = dig(post.known, path)
    if isinstance(known, list):
        return len(known)
    repetitions = component.settings.get("defaultRepetitions", 1)
    return repetitions if isinstance(repetitions, int) and repetitions >= 0 else 1


def row_counts(fields: Mapping[str, list[str]]) -> dict[str, int]:
    """How many rows each list has: as the page says, else by the highest number in a name."""
    highest: dict[str, int] = {}
    for name in fields:
        steps = name.split(".", _STEPS)
        for position, step in enumerate(steps):
            if step.isascii() and step.isdigit() and len(step) < len(str(ROWS)) + 2:
                above = ".".join(steps[:position])
                highest[above] = max(highest.get(above, 0), int(step) + 1)
    stated = {
        name.removesuffix(f".{ROW_COUNT}"): _stated(values)
        for name, values in fields.items()
        if name.endswith(f".{ROW_COUNT}")
    }
    return {**highest, **{name: count for name, count in stated.items() if count is not None}}


def _stated(values: list[str]) -> int | None:
    text = values[-1] if values else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None  # noqa: PLR2004


def _value(component: Component, path: Path, post: _Post, reading: Reading) -> object:
    texts = post.fields.get(dotted(path))
    if component.disabled or component.kind is Kind.EXPRESSION or texts is None:
        return given(component, path, post.known)
    try:
        return _parsed(component, texts, post.today)
    except UnreadableError as cause:
        reading.typed[path] = texts[-1][:REFERENCE_LENGTH]
        reading.errors[dotted(path)] = cause.error
        return empty(component)


def _parsed(component: Component, texts: list[str], today: Today) -> object:
    kind = component.kind
    text = texts[-1][:TEXT_READ] if texts else ""
    if kind in MULTIPLE:
        return list(dict.fromkeys(token for token in texts[:VALUES_PER_KEY] if token))
    if kind is Kind.FILEPICKER:
        return _files(texts)
    if kind is Kind.CHECKBOX:
        return text not in _UNTICKED
    if kind in CHOICES:
        return text or None
    text = normal.lines(text) if kind is Kind.TEXTAREA else normal.line(text)
    return _typed(component, text, today) if text else empty(component)


def _typed(component: Component, text: str, today: Today) -> object:
    if component.kind is Kind.DATETIME:
        return moments.read(component, text, today)
    if component.kind is not Kind.NUMBER:
        return text
    number = numerals.read(text)
    as_text = component.settings.get("serializeToString") is True
    return numerals.text_of(number) if as_text else numerals.to_json(number)


def _files(references: list[str]) -> list[str] | None:
    return [text[:REFERENCE_LENGTH] for text in references if text][:FILES] or None
