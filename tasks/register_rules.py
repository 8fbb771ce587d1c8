"""What the built-in register accepts: plain names, values that say something, of bounded size."""

import json
import re
from collections.abc import Iterator, Mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
MAX_BYTES = 20_000


def faults(changes: Mapping[str, object]) -> list[str]:
    """Why the register refuses these changes, for the person who has to clear it up."""
    found = list(_faults(changes))
    if len(json.dumps(changes, default=str)) > MAX_BYTES:
        found.append("The entry is too long.")
    return found


def _faults(changes: Mapping[str, object]) -> Iterator[str]:
    for name, value in changes.items():
        if not NAME.fullmatch(name):
            yield f"The register has no field {name!r}."
        elif _is_empty(value):
            yield f"{name.replace('_', ' ').capitalize()} is empty."


def _is_empty(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ({}, [])
