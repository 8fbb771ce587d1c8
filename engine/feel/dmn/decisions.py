"""Deciding: a decision's value from the inputs, with all it requires.

Each decision is decided at most once per call, and only if something requires it.
"""

from collections.abc import Mapping, Sequence

from engine.feel import limits
from engine.feel.dmn.errors import DmnError
from engine.feel.dmn.model import (
    DecisionService,
    InputData,
    Model,
    Part,
    Reference,
    Requirer,
)
from engine.feel.expressions import NO_FUNCTIONS, Functions
from engine.feel.scope import Root
from engine.feel.values import Function, Value, from_json


def decide(
    model: Model,
    decision: str,
    inputs: Mapping[str, object],
    functions: Functions = NO_FUNCTIONS,
) -> Value:
    """The value of a decision, by id or name; null where kinds do not fit.

    Inputs that are missing are null. Raises DmnError for an unknown decision, one that requires
    itself, and an expression that is no FEEL; FeelLimitError as evaluating does.
    """
    with limits.metered():
        part = model.part(decision)
        return _Session(inputs, functions).value(model, part)


class _Session:
    """What one call has found out so far."""

    def __init__(self, inputs: Mapping[str, object], functions: Functions) -> None:
        self.inputs = inputs
        self.functions = functions
        self.known: dict[Reference, Value] = {}
        self.running: set[Reference] = set()

    def value(self, model: Model, part: Part) -> Value:
        """The value of a part, found now or before."""
        key = (model.namespace, part.id)
        if key in self.known:
            return self.known[key]
        if key in self.running:
            raise DmnError(f"{part.name} requires itself.", decision=part.name)
        self.running.add(key)
        self.known[key] = self._found(model, part)
        self.running.discard(key)
        return self.known[key]

    def _found(self, model: Model, part: Part) -> Value:
        limits.spend()
        if isinstance(part, InputData):
            given = from_json(self.inputs.get(part.name))
            return given if part.item is None else part.item.fit(given)
        if isinstance(part, DecisionService):
            return self._service(model, part)
        value = part.code(self._scope(model, part))
        if part.item is None or isinstance(value, Function):
            return value
        return part.item.fit(value)

    def _scope(self, model: Model, part: Requirer) -> Root:
        """What the part requires, those of other models below the name of their import."""
        found: dict[str, Value] = {}
        for namespace, identifier in part.requires:
            owner, required = _part(model, namespace, identifier)
            value = self.value(owner, required)
            if owner is model:
                found[required.name] = value
                continue
            prefix = model.imports.get(namespace, "")
            inner = found.setdefault(prefix, {}) if prefix else found
            if isinstance(inner, dict):
                inner[required.name] = value
        return Root(found, self.functions)

    def _service(self, model: Model, service: DecisionService) -> Value:
        """The service as a function of its input decisions and input data."""
        parts = [_part(model, *reference) for reference in service.parameters]

        def call(arguments: Sequence[Value]) -> Value:
            with limits.calling():
                return self._served(model, service, arguments)

        return Function(tuple(part.name for _, part in parts), call)

    def _served(self, model: Model, service: DecisionService, arguments: Sequence[Value]) -> Value:
        inner = _Session({}, self.functions)
        for reference, argument in zip(service.parameters, arguments, strict=True):
            owner, part = _part(model, *reference)
            inner.known[owner.namespace, part.id] = argument
        outputs = [_part(model, *reference) for reference in service.outputs]
        values = {part.name: inner.value(owner, part) for owner, part in outputs}
        return next(iter(values.values())) if len(values) == 1 else dict(values)


def _part(model: Model, namespace: str, identifier: str) -> tuple[Model, Part]:
    owner = model if namespace == model.namespace else model.models.get(namespace)
    if owner is None or identifier not in owner.parts:
        raise DmnError(f"The model requires {identifier}, which is not there.")
    return owner, owner.parts[identifier]
