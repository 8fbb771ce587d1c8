"""Item definitions: the types a model defines, and values made to fit them."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel.errors import FeelError
from engine.feel.expressions import Expression
from engine.feel.parser import parse_type
from engine.feel.syntax import TypeName
from engine.feel.types import KINDS, conform
from engine.feel.unary import QUESTION
from engine.feel.values import Value

ANY = TypeName("Any")
_MAX_DEPTH = 12  # item definitions inside each other
_MAX_EXPANSION = 20_000  # types of a model written out in full


@dataclass(frozen=True, slots=True)
class Definition:
    """An item definition as written."""

    name: str
    base: str
    components: tuple["Definition", ...] = ()
    collection: bool = False
    allowed: Expression | None = None
    function: tuple[tuple[str, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A type to fit values to: its shape, and the allowed values it or its parts have."""

    shape: TypeName
    definition: Definition | None
    types: "Types"

    def fit(self, value: Value) -> Value:
        """The value as this type; null if it cannot be, or is none of the allowed ones."""
        fitted = conform(value, self.shape)
        if fitted is None or self.definition is None:
            return fitted
        return fitted if self.types.allows(self.definition, fitted) else None


class Types:
    """The item definitions of a model and, under their prefix, of those it imports."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self.left = _MAX_EXPANSION
        self.shapes = {name: self._shape(one, 0) for name, one in definitions.items()}

    def item(self, reference: str) -> Item | None:
        """The type of a typeRef; None for no type, or one that says nothing."""
        name = reference.removeprefix("feel:")
        if name in self.definitions:
            return Item(self.shapes[name], self.definitions[name], self)
        shape = self.shape(reference)
        return None if shape.name == "Any" else Item(shape, None, self)

    def knows(self, reference: str) -> bool:
        """Whether the reference names a type of the model or of the language."""
        name = reference.removeprefix("feel:")
        return name in self.definitions or self.shape(name).name in (*KINDS, "Any", "Null")

    def shape(self, reference: str, depth: int = 0) -> TypeName:
        """The structure of a typeRef; Any where it is missing or means nothing."""
        name = reference.removeprefix("feel:")
        if name in self.definitions:
            return self._shape(self.definitions[name], depth + 1)
        try:
            return parse_type(name) if name else ANY
        except FeelError:
            return ANY

    def _shape(self, one: Definition, depth: int) -> TypeName:
        self.left -= 1
        if depth > _MAX_DEPTH or self.left < 0:
            return ANY
        if one.function is not None:
            parameters, result = one.function
            kinds = tuple(self.shape(kind, depth) for kind in (*parameters, result))
            inner = TypeName("function", kinds)
        elif one.components:
            parts = tuple(self._shape(part, depth + 1) for part in one.components)
            inner = TypeName("context", parts, tuple(part.name for part in one.components))
        else:
            inner = self.shape(one.base, depth)
        return TypeName("list", (inner,)) if one.collection else inner

    def allows(self, one: Definition, value: Value, depth: int = 0) -> bool:
        """Whether the value and its parts are among the allowed ones; null always is."""
        if value is None or depth > _MAX_DEPTH:
            return True
        if one.collection and isinstance(value, list):
            return all(self._allows_one(one, item, depth) for item in value)
        return self._allows_one(one, value, depth)

    def _allows_one(self, one: Definition, value: Value, depth: int) -> bool:
        if value is None:
            return True
        if one.allowed is not None and one.allowed.evaluate({QUESTION: value}) is not True:
            return False
        base = self.definitions.get(one.base.removeprefix("feel:"))
        if base is not None and not self.allows(base, value, depth + 1):
            return False
        return not isinstance(value, dict) or all(
            self.allows(part, value.get(part.name), depth + 1) for part in one.components
        )
