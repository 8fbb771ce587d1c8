"""Where names are looked up: the innermost scope first, the evaluation's context last."""

import inspect
from collections.abc import Callable, Mapping, Sequence

from engine.feel.values import ATOMS, Function, Value, from_json

Code = Callable[["Scope"], Value]


class Scope:
    """Names of one loop, function, context or filter, inside another scope."""

    __slots__ = ("parent", "variables")

    def __init__(self, variables: Mapping[str, Value], parent: "Scope") -> None:
        self.variables = variables
        self.parent: Scope | None = parent

    def find(self, name: str) -> Value:
        """The value of a name, null if nothing has that name."""
        scope = self
        while scope.parent is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
        return scope.read(name)

    def has(self, name: str) -> bool:
        """Whether something has this name, be it null."""
        scope = self
        while scope.parent is not None:
            if name in scope.variables:
                return True
            scope = scope.parent
        return name in scope.variables

    def read(self, name: str) -> Value:
        """The value of a name of this scope itself."""
        return self.variables.get(name)

    def root(self) -> "Root":
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        assert isinstance(scope, Root)  # noqa: S101 -- only Root has no parent
        return scope


class Root(Scope):
    """The context given to an evaluation; JSON in it becomes FEEL when it is first read."""

    __slots__ = ("converted", "functions")

    def __init__(
        self, context: Mapping[str, Value], functions: Mapping[str, Callable[..., object]]
    ) -> None:
        self.variables = context
        self.functions = functions
        self.parent = None
        self.converted: dict[str, Value] = {}

    def read(self, name: str) -> Value:
        """The value of a name of the context; lists and contexts are converted once."""
        value = self.variables.get(name)
        if type(value) in ATOMS:
            return value
        if name not in self.converted:
            self.converted[name] = from_json(value)
        return self.converted[name]

    def function(self, name: str) -> Function | None:
        """The function the caller gave under this name."""
        given = self.functions.get(name)
        if given is None:
            return None

        def call(arguments: Sequence[Value]) -> Value:
            return from_json(given(*arguments)) if _takes(given, arguments) else None

        return Function((), call, fixed=False)


def _takes(given: Callable[..., object], arguments: Sequence[Value]) -> bool:
    """Whether the function takes so many arguments: an expression's mistake is null."""
    try:
        inspect.signature(given).bind(*arguments)
    except TypeError:
        return False
    except ValueError:  # a function of the platform that does not tell its parameters
        return True
    return True
