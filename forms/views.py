"""What templates see of a form: frozen, everything resolved, nothing left to decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.markdown import SafeHtml
from forms.messages import FormError

NOTHING = SafeHtml()


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer of a choice."""

    token: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Fields beside each other."""

    fields: "tuple[FieldView, ...]"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list, numbered from 1; `name` is what its remove button sends."""

    number: int
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One component as shown; what its kind does not have is empty."""

    kind: str
    id: str
    name: str = ""
    label: str = ""
    titles: tuple[str, ...] = ()  # of the rows it stands in, outermost first
    description: str = ""
    value: str = ""
    checked: bool = False
    required: bool = False
    readonly: bool = False
    inert: bool = False  # shown, never posted
    error: FormError | None = None
    options: tuple[OptionView, ...] = ()
    files: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)  # of the input element
    prefix: str = ""
    suffix: str = ""
    span: int | None = None  # of 12 columns; None shares the row evenly
    gap: int = 0  # of a spacer, 1 to 5
    html: SafeHtml = NOTHING
    rows: tuple[Row, ...] = ()
    entries: tuple[Entry, ...] = ()
    repeats: bool = False
    outlined: bool = False
    headings: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def full_label(self) -> str:
        """The label with the titles of the rows it stands in."""
        return ", ".join((*self.titles, self.label))

    @property
    def described_by(self) -> str:
        """The ids of the hint and the error, for aria-describedby."""
        hint = [f"{self.id}-hint"] if self.description else []
        return " ".join([*hint, f"{self.id}-error"] if self.error else hint)

    @property
    def target(self) -> str:
        """The id of the element that a link to this field leads to."""
        return f"{self.id}-1" if self.options and self.kind != "select" else self.id


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line of the summary of errors, with the id its link leads to."""

    target: str
    label: str
    error: FormError


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as shown; `refreshes` says whether an answer can change what is asked."""

    id: str
    rows: tuple[Row, ...]
    summary: tuple[SummaryLine, ...]
    refreshes: bool

    @property
    def file_names(self) -> tuple[str, ...]:
        """The names of the fields that carry files."""
        return tuple(f.name for f in every_field(self.rows) if f.kind == "filepicker")


def every_field(rows: tuple[Row, ...]) -> Iterator[FieldView]:
    """All fields in the order of the page, containers first."""
    for row in rows:
        for one in row.fields:
            yield one
            yield from every_field(one.rows)
            for entry in one.entries:
                yield from every_field(entry.rows)
