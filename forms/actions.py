"""Buttons that change the form instead of sending it: a row more, a row less, ask again.

They work without JavaScript: each posts the whole form, with the button's name and value.
"""

from collections.abc import Mapping

from forms.limits import POSTED_KEYS, ROWS
from forms.model import CONTAINERS, Component, Form, Kind
from forms.paths import canonical
from forms.reading import ROW_COUNT, row_counts

ADD, DELETE, REFRESH = "_add", "_del", "_refresh"


def is_action(raw: Mapping[str, list[str]]) -> bool:
    """Whether the post asks for the form again, without judging it."""
    return any(name in raw for name in (ADD, DELETE, REFRESH))


def apply_action(form: Form, raw: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The post after its action: with a row more or less, and without the button."""
    fields = {canonical(name): values for name, values in raw.items()}
    added, removed = (_last(fields.pop(name, [])) for name in (ADD, DELETE))
    fields.pop(REFRESH, None)
    if len(fields) > POSTED_KEYS:
        return fields
    counts = row_counts(fields)
    if added and _may_change(form, added) and counts.get(added, 0) < ROWS:
        return {**fields, f"{added}.{ROW_COUNT}": [str(counts.get(added, 0) + 1)]}
    name, _, number = canonical(removed).rpartition(".")
    if _may_change(form, name) and number.isdecimal() and int(number) < counts.get(name, 0):
        return _without_row(fields, name, int(number), counts[name])
    return fields


def _last(values: list[str]) -> str:
    return canonical(values[-1][:1000]) if values else ""


def _may_change(form: Form, name: str) -> bool:
    """Whether the name is that of a list of this form whose rows people may change."""
    return _has_list(form.components, tuple(name.split(".")))


def _has_list(components: tuple[Component, ...], steps: tuple[str, ...]) -> bool:
    """Whether the steps lead to such a list: each list on the way is entered by a row's number."""
    for component in components:
        length = len(component.path)
        if component.kind not in CONTAINERS or steps[:length] != component.path:
            continue
        rest = steps[length:]
        if component.kind is Kind.DYNAMICLIST:
            if not rest:
                return component.repeats
            if not rest[0].isdecimal():
                continue
            rest = rest[1:]
        if _has_list(component.components, rest):
            return True
    return False


def _without_row(
    fields: Mapping[str, list[str]], name: str, removed: int, count: int
) -> dict[str, list[str]]:
    """The fields with the rows behind the removed one moved up."""
    kept: dict[str, list[str]] = {}
    for field, values in fields.items():
        number, _, rest = field.removeprefix(f"{name}.").partition(".")
        is_in_row = field.startswith(f"{name}.") and number.isdecimal()
        if not is_in_row or int(number) < removed:
            kept[field] = values
        elif int(number) > removed:
            kept[f"{name}.{int(number) - 1}.{rest}"] = values
    return {**kept, f"{name}.{ROW_COUNT}": [str(count - 1)]}
