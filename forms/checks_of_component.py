"""The checks of one component by itself: its type, key, expressions, limits and options."""

import re
from collections.abc import Callable, Iterator, Mapping

from forms import nodes, patterns, templates
from forms.findings import Finding, Severity
from forms.limits import OPTIONS, ROWS, SETTING_LENGTH
from forms.model import ASKED, CHOICES, CONTAINERS, INPUTS, REFUSED, Kind
from forms.sources import safe_address
from forms.tokens import token

Syntax = Callable[[str], str | None]
_Fault = tuple[str, Severity, str]  # rule, severity, message

_KEY = re.compile(r"(?!\d)\w+(\.(?!\d)\w+)*")
_RESERVED = frozenset({"this", "parent", "i", "constructor", "prototype"})
_AUTOCOMPLETE = re.compile(r"[a-z0-9-]+( [a-z0-9-]+){0,4}")
_INPUT_MODES = frozenset({"none", "text", "decimal", "numeric", "tel", "search", "email", "url"})
_SUBTYPES = frozenset({"date", "time", "datetime"})
_SOURCES = ("values", "valuesKey", "valuesExpression")


def component_findings(node: Mapping[str, object], syntax: Syntax | None) -> Iterator[Finding]:
    """Every finding of this component, not of those inside."""
    name = nodes.text(node, "id") or None
    for rule, severity, message in _faults(node, syntax):
        yield Finding("", name, rule, severity, message)


def _faults(node: Mapping[str, object], syntax: Syntax | None) -> Iterator[_Fault]:
    kind = node.get("type")
    if not nodes.text(node, "id"):
        yield _error("id-missing", 'A component has no "id".')
    if isinstance(kind, str) and kind in REFUSED:
        yield _error("type-refused", f'Components of type "{kind}" are refused for safety.')
        return
    if not isinstance(kind, str) or kind not in set(Kind):
        yield _error("type-unknown", f'There is no component type "{kind}".')
        return
    yield from _key_faults(node, Kind(kind))
    yield from _setting_faults(node, Kind(kind), syntax)
    yield from _property_faults(node)
    yield from _kind_faults(node, Kind(kind))


def _key_faults(node: Mapping[str, object], kind: Kind) -> Iterator[_Fault]:
    name = "path" if kind in CONTAINERS else "key"
    key = node.get(name)
    if kind in INPUTS | {Kind.DYNAMICLIST} and not key:
        yield _error("key-missing", f'This component needs a "{name}".')
    if not key:
        return
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield _error("key", f'The {name} "{key}" must be made of words joined by dots.')
    elif any(step.startswith("_") or step in _RESERVED for step in key.split(".")):
        yield _error("key", f'The {name} "{key}" is reserved: no step may begin with "_".')


def _setting_faults(
    node: Mapping[str, object], kind: Kind, syntax: Syntax | None
) -> Iterator[_Fault]:
    """Faults of what may be an expression or a template, wherever it stands."""
    hide = nodes.mapping(node, "conditional").get("hide")
    if hide is not None and not isinstance(hide, bool) and not nodes.is_expression(hide):
        yield _error("hide", 'The condition must begin with "=".')
    for value in _strings(node):
        if len(value) > SETTING_LENGTH:
            yield _error("size", f"A text has more than {SETTING_LENGTH} characters.")
            continue
        for expression in templates.expressions(value):
            problem = syntax(expression) if syntax else None
            if problem:
                yield _error("expression", f"{expression}: {problem}")
        if templates.is_broken(value):
            yield _error("template", "A {{ of this text has no }}, or a block has no end.")
    if kind is Kind.EXPRESSION and not nodes.is_expression(node.get("expression")):
        yield _error("expression", 'The expression must begin with "=".')


def _strings(node: Mapping[str, object]) -> Iterator[str]:
    for name, value in node.items():
        if isinstance(value, str) and name not in {"id", "type", "key", "path"}:
            yield value
        elif isinstance(value, Mapping) and name in {"conditional", "validate", "appearance"}:
            yield from (v for k, v in value.items() if isinstance(v, str) and k != "pattern")


def _property_faults(node: Mapping[str, object]) -> Iterator[_Fault]:
    properties = nodes.mapping(node, "properties")
    autocomplete = properties.get("autocomplete")
    if autocomplete is not None and not _AUTOCOMPLETE.fullmatch(str(autocomplete)):
        yield _error("property", "autocomplete must be made of the words HTML knows.")
    if properties.get("inputmode", "text") not in _INPUT_MODES:
        yield _error("property", f"inputmode must be one of {', '.join(sorted(_INPUT_MODES))}.")


def _kind_faults(node: Mapping[str, object], kind: Kind) -> Iterator[_Fault]:
    if kind in ASKED:
        yield from _limit_faults(node)
        if not any(nodes.text(node, name) for name in ("label", "dateLabel", "timeLabel")):
            yield "label-missing", Severity.WARNING, "A question needs a label."
    if kind in CHOICES:
        yield from _option_faults(node)
    if kind is Kind.DATETIME and node.get("subtype", "date") not in _SUBTYPES:
        yield _error("subtype", "The subtype must be date, time or datetime.")
    if kind is Kind.IMAGE:
        yield from _image_faults(node)
    if kind is Kind.TABLE and not (node.get("columns") or node.get("columnsExpression")):
        yield _error("columns", "A table needs columns.")
    if kind in {Kind.GROUP, Kind.DYNAMICLIST} and not isinstance(node.get("components"), list):
        yield _error("components", 'This component has no list of "components".')
    if (nodes.number(node, "defaultRepetitions") or 0) > ROWS:
        yield _error("rows", f"A list begins with at most {ROWS} rows.")


def _limit_faults(node: Mapping[str, object]) -> Iterator[_Fault]:
    limits = nodes.mapping(node, "validate")
    for low, high in (("minLength", "maxLength"), ("min", "max")):
        bounds = [limits.get(low), limits.get(high)]
        for name, bound in zip((low, high), bounds, strict=True):
            if not _is_bound(bound):
                yield _error("limit", f'{name} must be a number, or an expression after "=".')
        smallest, largest = (float(str(b)) if _is_number(b) else None for b in bounds)
        if smallest is not None and largest is not None and smallest > largest:
            yield _error("limit", f"{low} is greater than {high}.")
    increment = node.get("increment")
    if increment not in (None, "") and not (_is_number(increment) and float(str(increment)) > 0):
        yield _error("limit", "increment must be a number above zero.")
    pattern = limits.get("pattern")
    if pattern:
        yield from _pattern_faults(str(pattern))


def _pattern_faults(pattern: str) -> Iterator[_Fault]:
    try:
        slow = patterns.is_slow(pattern)
    except patterns.PatternError as cause:
        yield _error("pattern", f"The pattern is not a regular expression: {cause}.")
        return
    if slow:
        yield _error("pattern-slow", "The pattern takes too long on some texts; write it simpler.")


def _is_bound(value: object) -> bool:
    return value in (None, "") or nodes.is_expression(value) or _is_number(value)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d{1,34}(\.\d{1,34})?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _option_faults(node: Mapping[str, object]) -> Iterator[_Fault]:
    if not any(name in node for name in _SOURCES):
        yield _error("options", "This question offers no answers.")
    options = node.get("values", [])
    if not isinstance(options, list) or len(nodes.items(node, "values")) != len(options):
        yield _error("options", "values must be a list of objects with label and value.")
        return
    if len(options) > OPTIONS:
        yield _error("options", f"There are more than {OPTIONS} answers.")
        return
    tokens = [token(option.get("value")) for option in options]
    if "" in tokens:
        yield _error("options", "An answer has no value.")
    if len(set(tokens)) < len(tokens):
        yield _error("options", "Two answers have the same value.")


def _image_faults(node: Mapping[str, object]) -> Iterator[_Fault]:
    source = nodes.text(node, "source")
    if not list(templates.expressions(source)) and not safe_address(source):
        yield _error("image", "The image's source must be a web address or embedded image data.")
    if not nodes.text(node, "alt"):
        yield "image-alt", Severity.WARNING, "An image needs a text for those who cannot see it."


def _error(rule: str, message: str) -> _Fault:
    return rule, Severity.ERROR, message
