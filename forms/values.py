"""The value of one field: from the texts that were posted, or from what is known already.

Both ways pass the same reading, so a value is of its field's type wherever it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from forms import moments, normal, numerals
from forms.errors import UnreadableError
from forms.limits import FILES, REFERENCE_LENGTH, TEXT_READ, VALUES_PER_KEY
from forms.model import CHOICES, MULTIPLE, Component, Kind
from forms.moments import Today
from forms.paths import MISSING, Path, dig
from forms.tokens import token

_UNTICKED = frozenset({"", "0", "false", "off"})


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known before anything is posted."""

    known: Mapping[str, object]
    today: Today


def empty(component: Component) -> object:
    """The value of a field without an answer."""
    if component.kind in MULTIPLE:
        return []
    if component.kind in {Kind.TEXTFIELD, Kind.TEXTAREA}:
        return ""
    return False if component.kind is Kind.CHECKBOX else None


def given(component: Component, path: Path, ground: Ground) -> object:
    """What is known of a field without asking, its default, or its empty value."""
    try:
        return read(component, given_texts(component, path, ground), ground.today)
    except UnreadableError:
        return empty(component)


def given_texts(component: Component, path: Path, ground: Ground) -> list[str]:
    """What is known of a field, or its default, as if it had been posted."""
    value = dig(ground.known, path, MISSING)
    if value is MISSING:
        value = component.settings.get("defaultValue")
    return [token(one) for one in value] if isinstance(value, list) else [token(value)]


def read(component: Component, texts: list[str], today: Today) -> object:
    """The value that the texts stand for; raises UnreadableError with what to say.

    A choice reads as text: which values are offered, and of what type, is known only in place.
    """
    kind = component.kind
    text = texts[-1][:TEXT_READ] if texts else ""
    if kind in MULTIPLE:
        return list(dict.fromkeys(one for one in texts[:VALUES_PER_KEY] if one))
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
