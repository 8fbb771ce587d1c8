"""Paths into nested data: `persons.0.name` is the name of the first person.

Only dictionaries and lists are entered, never attributes, so no posted name reaches an object.
"""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_BRACKETS = re.compile(r"\[(\d{1,4})\]")


class _Missing:
    """The type of `MISSING`."""


MISSING = _Missing()


def dotted(path: Path) -> str:
    """Write a path as the name of its HTML field."""
    return ".".join(map(str, path))


def canonical(name: str) -> str:
    """Write `persons[0].name` as `persons.0.name`."""
    return _BRACKETS.sub(r".\1", name)


def dig(data: object, path: Path, default: object = None) -> object:
    """The value at the path, or the default where there is none."""
    for step in path:
        data = _inner(data, step)
        if data is MISSING:
            return default
    return data


def put(data: dict[str, object], path: Path, value: object) -> None:
    """Set the value at the path; what is missing on the way, or of another shape, is made."""
    here: object = data
    for step, following in pairwise(path):
        here = _entered(here, step, list if isinstance(following, int) else dict)
    _assign(here, path[-1], value)


def _inner(data: object, step: str | int) -> object:
    if isinstance(data, Mapping):
        return data.get(step, MISSING)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return MISSING


def _entered(here: object, step: str | int, shape: type) -> object:
    found = dig(here, (step,))
    if not isinstance(found, shape):
        found = shape()
        _assign(here, step, found)
    return found


def _assign(here: object, step: str | int, value: object) -> None:
    if isinstance(here, dict):
        here[step] = value
    elif isinstance(here, list) and isinstance(step, int):
        here.extend({} for _ in range(step + 1 - len(here)))
        here[step] = value
