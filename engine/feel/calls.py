"""Calls: functions of the expression, of the caller, and of the language's library."""

from collections.abc import Sequence

from engine.feel import library
from engine.feel.compiler import compiled
from engine.feel.limits import calling, spend
from engine.feel.scope import Code, Scope
from engine.feel.syntax import Call, Lambda, Name, Node, TypeName
from engine.feel.types import conform
from engine.feel.values import Function, Value

_DEFINED = "is defined"


@compiled.register
def _lambda(node: Lambda) -> Code:
    if node.body is None:  # an external function: nothing of the host can be called
        return lambda _scope: Function(node.parameters, lambda _arguments: None)
    body = compiled(node.body)

    def run(scope: Scope) -> Value:
        def call(arguments: Sequence[Value]) -> Value:
            with calling():
                return body(Scope(dict(zip(node.parameters, arguments, strict=True)), scope))

        return Function(node.parameters, call, node.types)

    return run


@compiled.register
def _call(node: Call) -> Code:
    if isinstance(node.function, Name):
        if node.function.name == _DEFINED and len(node.arguments) == 1:
            return _is_defined(node.arguments[0])
        return _by_name(node, node.function.name)
    function = compiled(node.function)
    arguments = tuple(compiled(argument) for argument in node.arguments)

    def run(scope: Scope) -> Value:
        found = function(scope)
        if not isinstance(found, Function):
            return None
        return invoke(found, [argument(scope) for argument in arguments], node.names)

    return run


def _by_name(node: Call, name: str) -> Code:
    arguments = tuple(compiled(argument) for argument in node.arguments)
    built_in = library.find(name)

    def run(scope: Scope) -> Value:
        spend()
        values = [argument(scope) for argument in arguments]
        found = scope.find(name)
        given = found if isinstance(found, Function) else scope.root().function(name)
        if given is not None:
            return invoke(given, values, node.names)
        return None if built_in is None else library.call(built_in, values, node.names)

    return run


def invoke(function: Function, values: Sequence[Value], names: Sequence[str] = ()) -> Value:
    """The function's result; null if the arguments do not fit its parameters."""
    spend()
    if names:
        if set(names) != set(function.parameters) or len(names) != len(function.parameters):
            return None
        given = dict(zip(names, values, strict=True))
        values = [given[name] for name in function.parameters]
    elif function.fixed and len(values) != len(function.parameters):
        return None
    fitting = _fitting(function, values)
    return None if fitting is None else function.body(fitting)


def _fitting(function: Function, values: Sequence[Value]) -> Sequence[Value] | None:
    """The values as the types of the parameters; None if one cannot be."""
    if not any(function.types):
        return values
    fitting: list[Value] = []
    for value, wanted in zip(values, function.types, strict=True):
        fitted = conform(value, wanted) if isinstance(wanted, TypeName) else value
        if fitted is None and value is not None:
            return None
        fitting.append(fitted)
    return fitting


def _is_defined(argument: Node) -> Code:
    """Whether a name means something, be it null; for anything else, whether it is not null."""
    if isinstance(argument, Name):
        return lambda scope: scope.has(argument.name)
    run = compiled(argument)
    return lambda scope: run(scope) is not None
