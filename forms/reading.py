"""From what was posted to typed values, field by field as the form says; the rest is dropped.

A field that was not on the page reads as what is known of it already, or as its default: every
field on the page is posted, if only as an empty text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.errors import UnreadableError
from forms.limits import REFERENCE_LENGTH, ROW_DIGITS, ROWS, ROWS_IN_ALL
from forms.messages import FormError, error
from forms.model import CONTAINERS, INPUTS, Component, Form, Kind
from forms.paths import Path, canonical, dig, dotted, put
from forms.values import Ground, empty, given_texts
from forms.values import read as read_value

ROW_COUNT = "_rows"  # the field `<path of list>._rows` says how many rows the page showed
_STEPS = 24


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
    ground: Ground


def read(form: Form, raw: Mapping[str, list[str]], ground: Ground) -> Reading:
    """Read a post; fields that are not on the page take their values from the ground."""
    fields = {canonical(name): values for name, values in raw.items()}
    reading = Reading()
    _read_all(form.components, (), _Post(fields, row_counts(fields), ground), reading)
    return reading


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
    known = dig(post.ground.known, path)
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
            if step.isascii() and step.isdigit() and len(step) <= ROW_DIGITS:
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
    is_number = text.isascii() and text.isdigit() and len(text) <= ROW_DIGITS
    return int(text) if is_number else None


def _value(component: Component, path: Path, post: _Post, reading: Reading) -> object:
    if component.kind is Kind.EXPRESSION:
        return None
    texts = None if component.disabled else post.fields.get(dotted(path))
    texts = given_texts(component, path, post.ground) if texts is None else texts
    try:
        return read_value(component, texts, post.ground.today)
    except UnreadableError as cause:
        reading.typed[path] = texts[-1][:REFERENCE_LENGTH]
        reading.errors[dotted(path)] = cause.error
        return empty(component)
