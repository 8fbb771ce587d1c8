"""A form as JSON Schema (draft 2020-12), for programs that fill it in.

Conditions and computed limits cannot be said there: what they decide is optional in the schema
and checked when the answers arrive.
"""

from forms.limits import DIGITS, ROWS, TEXTAREA_LENGTH, TEXTFIELD_LENGTH
from forms.model import ASKED, CHOICES, CONTAINERS, MULTIPLE, Component, Form, Kind
from forms.moments import subtype

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LIMITS = {"minLength": "minLength", "maxLength": "maxLength", "min": "minimum", "max": "maximum"}


def to_json_schema(form: Form) -> dict[str, object]:
    """The schema of what `validate_json` takes."""
    schema = _object()
    _describe(form.components, schema, (), conditional=False)
    return {"$schema": DIALECT, "$id": f"form:{form.id}", **schema}


def _object() -> dict[str, object]:
    return {"type": "object", "properties": {}, "required": [], "additionalProperties": False}


def _describe(
    components: tuple[Component, ...],
    schema: dict[str, object],
    prefix: tuple[str, ...],
    *,
    conditional: bool,
) -> None:
    for component in components:
        path = prefix + component.path
        depends = conditional or component.hide not in (None, False)
        if component.kind is Kind.DYNAMICLIST:
            _place(schema, path, _array(component), required=False)
        elif component.kind in CONTAINERS:
            _describe(component.components, schema, path, conditional=depends)
        elif component.kind in ASKED and not component.disabled:
            required = not depends and _is_required(component)
            _place(schema, path, _value(component), required=required)


def _is_required(component: Component) -> bool:
    """Whether a program must send it: required, and without another value to fall back on."""
    fixed = component.readonly not in (None, False) or "defaultValue" in component.settings
    return component.limits.get("required") is True and not fixed


def _array(component: Component) -> dict[str, object]:
    row = _object()
    _describe(component.components, row, (), conditional=False)
    return {**_named(component), "type": "array", "maxItems": ROWS, "items": row}


def _place(
    schema: dict[str, object], path: tuple[str, ...], value: dict[str, object], *, required: bool
) -> None:
    for step in path[:-1]:
        if required:
            _require(schema, step)
        schema = _entered(schema, step)
    properties = schema["properties"]
    if isinstance(properties, dict):
        properties[path[-1]] = value
    if required:
        _require(schema, path[-1])


def _entered(schema: dict[str, object], step: str) -> dict[str, object]:
    properties = schema["properties"]
    inner = properties.setdefault(step, _object()) if isinstance(properties, dict) else None
    return inner if isinstance(inner, dict) else _object()


def _require(schema: dict[str, object], step: str) -> None:
    required = schema["required"]
    if isinstance(required, list) and step not in required:
        required.append(step)


def _named(component: Component) -> dict[str, object]:
    names = {"title": "label", "description": "description"}
    texts = component.texts
    return {name: texts[text] for name, text in names.items() if text in texts}


def _value(component: Component) -> dict[str, object]:
    required = component.limits.get("required") is True
    kind = component.kind
    if kind in MULTIPLE:
        array = {"type": "array", "uniqueItems": True, "items": _options(component)}
        return {**_named(component), **array, **({"minItems": 1} if required else {})}
    if kind in CHOICES:
        one = _options(component)
        return {**_named(component), **(one if required else {"anyOf": [one, {"type": "null"}]})}
    if kind is Kind.CHECKBOX:
        return {**_named(component), "type": "boolean", **({"const": True} if required else {})}
    if kind is Kind.FILEPICKER:
        return {
            **_named(component),
            "type": _or_null("array", component),
            "items": {"type": "string"},
        }
    return {**_named(component), **_scalar(component), **_limits(component)}


def _scalar(component: Component) -> dict[str, object]:
    if component.kind is Kind.NUMBER:
        as_text = component.settings.get("serializeToString") is True
        whole = component.settings.get("decimalDigits") == 0
        if as_text:
            return {"type": _or_null("string", component), "maxLength": 2 * DIGITS}
        return {"type": _or_null("integer" if whole else "number", component)}
    if component.kind is Kind.DATETIME:
        form = {"format": "date"} if subtype(component) == "date" else {}
        return {"type": _or_null("string", component), **form}
    cap = TEXTAREA_LENGTH if component.kind is Kind.TEXTAREA else TEXTFIELD_LENGTH
    least = {"minLength": 1} if component.limits.get("required") is True else {}
    return {"type": "string", "maxLength": cap, **least, **_format(component)}


def _or_null(kind: str, component: Component) -> object:
    return kind if component.limits.get("required") is True else [kind, "null"]


def _format(component: Component) -> dict[str, object]:
    pattern = component.limits.get("pattern")
    if component.limits.get("required") is not True:
        return {}  # an empty text is neither an address nor in the pattern
    form = {"format": "email"} if component.limits.get("validationType") == "email" else {}
    return {**form, **({"pattern": pattern} if isinstance(pattern, str) and pattern else {})}


def _limits(component: Component) -> dict[str, object]:
    """The limits that are plain numbers; an optional text may be empty whatever its minimum."""
    found = component.limits
    optional = found.get("required") is not True
    stated = {key: found[key] for key in _LIMITS if isinstance(found.get(key), int | float)}
    if optional or component.settings.get("serializeToString") is True:
        stated.pop("minLength", None)
    return {_LIMITS[key]: limit for key, limit in stated.items()}


def _options(component: Component) -> dict[str, object]:
    """The answers listed in the form; computed ones are not known here."""
    values = list(component.option_values)
    return {"enum": values} if values else {}
