"""What a form is: a frozen tree of components, read from a form-js schema.

Every text of a component lies in its `texts`, keyed like the files of translations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

Setting: TypeAlias = object  # a JSON value, or a string "=..." to be evaluated as FEEL


class Kind(StrEnum):
    """The types of form-js, schema version 19."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    TAGLIST = "taglist"
    DATETIME = "datetime"
    FILEPICKER = "filepicker"
    EXPRESSION = "expression"
    GROUP = "group"
    DYNAMICLIST = "dynamiclist"
    TEXT = "text"
    IMAGE = "image"
    TABLE = "table"
    SPACER = "spacer"
    SEPARATOR = "separator"
    BUTTON = "button"


REFUSED = frozenset({"iframe", "html", "documentPreview"})  # they bring foreign code to the page
MULTIPLE = frozenset({Kind.CHECKLIST, Kind.TAGLIST})
CHOICES = MULTIPLE | {Kind.RADIO, Kind.SELECT}
CONTAINERS = frozenset({Kind.GROUP, Kind.DYNAMICLIST})
ASKED = CHOICES | {
    Kind.TEXTFIELD,
    Kind.TEXTAREA,
    Kind.NUMBER,
    Kind.CHECKBOX,
    Kind.DATETIME,
    Kind.FILEPICKER,
}
INPUTS = ASKED | {Kind.EXPRESSION}


@dataclass(frozen=True, slots=True)
class Component:
    """One component; `path` is its key (or a container's path), split, () without data."""

    kind: Kind
    id: str
    path: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    hide: Setting = None
    readonly: Setting = None
    disabled: bool = False
    limits: Mapping[str, Setting] = field(default_factory=dict)  # form-js `validate`
    settings: Mapping[str, Setting] = field(default_factory=dict)  # the keys of this type alone
    properties: Mapping[str, str] = field(default_factory=dict)
    option_values: tuple[object, ...] = ()  # their labels are the texts `options.<value>`
    components: "tuple[Component, ...]" = ()
    row: str | None = None
    columns: int | None = None  # of 16; None shares the row evenly

    @property
    def repeats(self) -> bool:
        """Whether people may add and remove rows."""
        return self.settings.get("allowAddRemove") is True

    def translated(self, texts: Mapping[str, str]) -> "Component":
        """The component, and those inside, with the given texts where there are some."""
        own = {name: texts.get(f"{self.id}.{name}", text) for name, text in self.texts.items()}
        inner = tuple(component.translated(texts) for component in self.components)
        return replace(self, texts=MappingProxyType(own), components=inner)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that passed its check."""

    id: str
    components: tuple[Component, ...]
    properties: Mapping[str, str] = field(default_factory=dict)

    def translated(self, texts: Mapping[str, str]) -> "Form":
        """The form with the given texts; what is not among them keeps its own.

        Keys are `<component id>.<name of text>`, as described in `forms`.
        """
        return replace(self, components=tuple(c.translated(texts) for c in self.components))

    def every_component(self) -> Iterator[Component]:
        """All components, outermost first, in the order of the page."""
        return _every(self.components)


def _every(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _every(component.components)
