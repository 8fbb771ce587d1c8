"""Reading a schema's JSON with types: what is missing or of another type reads as empty."""

from collections.abc import Mapping


def text(node: Mapping[str, object], key: str) -> str:
    """The string under the key, or ''."""
    value = node.get(key)
    return value if isinstance(value, str) else ""


def mapping(node: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The object under the key, or an empty one."""
    value = node.get(key)
    return value if isinstance(value, Mapping) else {}


def items(node: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    """The objects in the list under the key."""
    value = node.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def number(node: Mapping[str, object], key: str) -> int | None:
    """The whole number under the key, or None."""
    value = node.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_expression(value: object) -> bool:
    """Whether the setting is to be evaluated as FEEL."""
    return isinstance(value, str) and value.startswith("=")
