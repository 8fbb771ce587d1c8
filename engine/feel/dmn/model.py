"""A decision model as it is run: decisions, functions and what they require; immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.feel.dmn.errors import DmnError
from engine.feel.dmn.items import Item
from engine.feel.scope import Code

Reference = tuple[str, str]  # namespace of the model, id of the element


@dataclass(frozen=True, slots=True)
class InputData:
    """What the caller has to give."""

    id: str
    name: str
    item: Item | None


@dataclass(frozen=True, slots=True)
class Requirer:
    """A decision or a business knowledge model, and what it reads."""

    id: str
    name: str
    item: Item | None
    requires: tuple[Reference, ...]
    reads: frozenset[str] = field(repr=False)  # variables its expressions certainly read
    code: Code = field(repr=False)


class Decision(Requirer):
    """Something to decide."""

    __slots__ = ()


class Knowledge(Requirer):
    """A business knowledge model: a function that decisions call."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered as a function of inputs and other decisions."""

    id: str
    name: str
    outputs: tuple[Reference, ...]
    parameters: tuple[Reference, ...]


Part = InputData | Requirer | DecisionService


@dataclass(frozen=True, slots=True)
class Model:
    """One file with those it imports; `imports` gives each namespace's name in this file."""

    namespace: str
    name: str
    parts: Mapping[str, Part]
    imports: Mapping[str, str]
    models: Mapping[str, "Model"]

    def part(self, name_or_id: str) -> Part:
        """The decision, service or input of that id or name; DmnError if there is none."""
        if name_or_id in self.parts:
            return self.parts[name_or_id]
        for part in self.parts.values():
            if part.name == name_or_id:
                return part
        raise DmnError(f"There is no decision {name_or_id!r}.", decision=name_or_id)

    @property
    def decisions(self) -> tuple[str, ...]:
        """Names of the decisions, in the order of the file."""
        return tuple(part.name for part in self.parts.values() if isinstance(part, Decision))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the input data, in the order of the file."""
        return tuple(part.name for part in self.parts.values() if isinstance(part, InputData))
