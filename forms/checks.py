"""What can be wrong with a form-js schema, all of it at once, each with the component's id.

A schema without an error can be parsed, shown and validated; nothing later has to ask again.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from forms import nodes
from forms.checks_of_component import component_findings
from forms.findings import Finding, Severity
from forms.limits import COMPONENTS, DEPTH, SCHEMA_BYTES, SCHEMA_VERSION
from forms.model import INPUTS, Kind

Syntax = Callable[[str], str | None]  # what is wrong with a FEEL text, None if nothing
_Placed = tuple[Mapping[str, object], tuple[str, ...]]  # a component and its container's path


def check(schema: bytes, file: str, syntax: Syntax | None = None) -> list[Finding]:
    """Every finding of a form file; with `syntax` its FEEL texts are checked too."""
    if len(schema) > SCHEMA_BYTES:
        return [_finding(file, "size", f"The form is larger than {SCHEMA_BYTES} bytes.")]
    try:
        text = schema.decode("utf-8-sig")
        parsed = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as cause:
        return [_finding(file, "json", f"This is not JSON: {cause.msg}.", cause.lineno)]
    except (ValueError, RecursionError):
        return [_finding(file, "json", "This is not JSON in UTF-8, or it is nested too deeply.")]
    found = check_schema(parsed, syntax)
    return [replace(f, file=file, line=_line(text, f.element_id)) for f in found]


def check_schema(schema: object, syntax: Syntax | None = None) -> list[Finding]:
    """Every finding of a parsed schema, without file and lines."""
    if not isinstance(schema, Mapping):
        return [_finding("", "root", "A form is a JSON object.")]
    placed = _placed(schema)
    if isinstance(placed, Finding):
        return [placed]
    return [
        *_root_findings(schema),
        *_repeated_ids(placed),
        *_repeated_keys(placed),
        *(f for node, _ in placed for f in component_findings(node, syntax)),
    ]


def _placed(schema: Mapping[str, object]) -> list[_Placed] | Finding:
    """All components with the paths they stand under, or why there are too many of them."""
    placed: list[_Placed] = []
    level: list[_Placed] = [(schema, ())]
    for _ in range(DEPTH):
        level = [(inner, _inner_path(node, path)) for node, path in level for inner in _of(node)]
        placed += level
        if len(placed) > COMPONENTS:
            return _finding("", "size", f"The form has more than {COMPONENTS} components.")
    if any(_of(node) for node, _ in level):
        return _finding("", "depth", f"The form is nested deeper than {DEPTH} levels.")
    return placed


def _of(node: Mapping[str, object]) -> list[Mapping[str, object]]:
    return nodes.items(node, "components")


def _inner_path(node: Mapping[str, object], path: tuple[str, ...]) -> tuple[str, ...]:
    own = nodes.text(node, "path")
    here = (*path, *own.split(".")) if own else path
    return (*here, "[]") if node.get("type") == Kind.DYNAMICLIST else here


def _root_findings(schema: Mapping[str, object]) -> Iterator[Finding]:
    if schema.get("type") != "default":
        yield _finding("", "root", 'The form\'s "type" must be "default".')
    if not nodes.text(schema, "id"):
        yield _finding("", "root", 'The form has no "id".')
    version = schema.get("schemaVersion")
    if version is not None and nodes.number(schema, "schemaVersion") is None:
        yield _finding("", "schema-version", 'The form\'s "schemaVersion" must be a number.')
    elif (nodes.number(schema, "schemaVersion") or 0) > SCHEMA_VERSION:
        message = f"The form has schema version {version}, known are those up to {SCHEMA_VERSION}."
        yield _finding("", "schema-version", message)
    if not isinstance(schema.get("components"), list):
        yield _finding("", "root", 'The form has no list of "components".')


def _repeated_ids(placed: list[_Placed]) -> Iterator[Finding]:
    seen: set[str] = set()
    for node, _ in placed:
        name = nodes.text(node, "id")
        if name in seen:
            yield replace(
                _finding("", "id-repeated", f'The id "{name}" is used twice.'), element_id=name
            )
        seen.add(name)


def _repeated_keys(placed: list[_Placed]) -> Iterator[Finding]:
    """Findings for answers that would overwrite each other, like `a` and `a.b`."""
    leaves: set[tuple[str, ...]] = set()
    branches: set[tuple[str, ...]] = set()
    for node, prefix in placed:
        kind = node.get("type")
        key = nodes.text(node, "path" if kind == Kind.DYNAMICLIST else "key")
        if kind not in {*INPUTS, Kind.DYNAMICLIST} or not key:
            continue
        path = (*prefix, *key.split("."))
        above = {path[:length] for length in range(1, len(path))}
        if path in leaves or path in branches or _shadowed(above, leaves):
            message = f'The key "{key}" is used twice, or inside the key of another component.'
            yield Finding("", nodes.text(node, "id"), "key-repeated", Severity.ERROR, message)
        leaves.add(path)
        branches |= above


def _shadowed(above: set[tuple[str, ...]], leaves: set[tuple[str, ...]]) -> bool:
    lists = {path[:-1] for path in above if path[-1] == "[]"}
    return bool((above - lists) & leaves)


def _finding(file: str, rule: str, message: str, line: int | None = None) -> Finding:
    return Finding(file, None, rule, Severity.ERROR, message, line)


def _line(text: str, element_id: str | None) -> int | None:
    match = element_id and re.search(rf'"id"\s*:\s*{re.escape(json.dumps(element_id))}', text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
