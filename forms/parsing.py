"""From a form-js schema to a form. A schema with an error among its findings is refused."""

from collections.abc import Mapping
from types import MappingProxyType

from forms import nodes
from forms.checks import check_schema
from forms.errors import FormDefinitionError
from forms.findings import Severity
from forms.model import CONTAINERS, Component, Form, Kind
from forms.tokens import token

_TEXTS = ("label", "description", "text", "alt", "source", "dateLabel", "timeLabel")
_COMMON = frozenset(
    {
        "id",
        "type",
        "key",
        "path",
        "label",
        "description",
        "text",
        "alt",
        "disabled",
        "readonly",
        "conditional",
        "validate",
        "properties",
        "layout",
        "components",
        "values",
        "columns",
        "appearance",
        "source",
        "dateLabel",
        "timeLabel",
    }
)


def parse(schema: Mapping[str, object]) -> Form:
    """Read a schema; raise FormDefinitionError with every finding if one of them is an error."""
    findings = check_schema(schema)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise FormDefinitionError(tuple(findings))
    components = tuple(_component(node) for node in nodes.items(schema, "components"))
    return Form(nodes.text(schema, "id"), components, _properties(schema))


def _component(node: Mapping[str, object]) -> Component:
    kind = Kind(nodes.text(node, "type"))
    layout = nodes.mapping(node, "layout")
    return Component(
        kind=kind,
        id=nodes.text(node, "id"),
        path=_path(node, kind),
        texts=MappingProxyType(_texts(node)),
        hide=nodes.mapping(node, "conditional").get("hide"),
        readonly=node.get("readonly"),
        disabled=node.get("disabled") is True,
        limits=MappingProxyType(dict(nodes.mapping(node, "validate"))),
        settings=MappingProxyType({k: v for k, v in node.items() if k not in _COMMON}),
        properties=_properties(node),
        option_values=tuple(option["value"] for option in nodes.items(node, "values")),
        components=tuple(_component(inner) for inner in nodes.items(node, "components")),
        row=nodes.text(layout, "row") or None,
        columns=nodes.number(layout, "columns"),
    )


def _path(node: Mapping[str, object], kind: Kind) -> tuple[str, ...]:
    key = nodes.text(node, "path" if kind in CONTAINERS else "key")
    return tuple(key.split(".")) if key else ()


def _texts(node: Mapping[str, object]) -> dict[str, str]:
    texts = {name: nodes.text(node, name) for name in _TEXTS if nodes.text(node, name)}
    appearance = nodes.mapping(node, "appearance")
    for name in ("prefixAdorner", "suffixAdorner"):
        if nodes.text(appearance, name):
            texts[name] = nodes.text(appearance, name)
    message = nodes.text(nodes.mapping(node, "validate"), "patternErrorMessage")
    if message:
        texts["patternErrorMessage"] = message
    for option in nodes.items(node, "values"):
        name = token(option["value"])
        texts[f"options.{name}"] = nodes.text(option, "label") or name
    for column in nodes.items(node, "columns"):
        name = nodes.text(column, "key")
        texts[f"columns.{name}"] = nodes.text(column, "label") or name
    return texts


def _properties(node: Mapping[str, object]) -> Mapping[str, str]:
    return MappingProxyType(
        {name: token(value) for name, value in nodes.mapping(node, "properties").items()}
    )
