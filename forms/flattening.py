"""JSON answers as a post: `{"persons": [{"name": "Ada"}]}` becomes `persons.0.name`."""

from collections.abc import Iterator, Mapping

from forms.limits import DEPTH, POSTED_KEYS
from forms.paths import Path, dotted
from forms.reading import ROW_COUNT
from forms.tokens import token


def flattened(data: Mapping[str, object]) -> dict[str, list[str]] | None:
    """The answers as posted fields, None if they are too many or nested too deeply."""
    raw: dict[str, list[str]] = {}
    level: list[tuple[Path, object]] = [((), data)]
    for _ in range(2 * DEPTH + 2):
        following: list[tuple[Path, object]] = []
        for path, value in level:
            following += _inside(path, value)
            raw.update(_fields(path, value))
            if len(raw) + len(following) > POSTED_KEYS:
                return None
        level = following
    return None if level else raw


def _inside(path: Path, value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, Mapping):
        yield from (((*path, str(name)), inner) for name, inner in value.items())
    elif _is_rows(value) and isinstance(value, list):
        yield from (((*path, number), row) for number, row in enumerate(value))


def _fields(path: Path, value: object) -> Iterator[tuple[str, list[str]]]:
    if isinstance(value, Mapping):
        return
    if isinstance(value, list):
        yield f"{dotted(path)}.{ROW_COUNT}", [str(len(value))]
    if not _is_rows(value):
        texts = [token(item) for item in value] if isinstance(value, list) else [token(value)]
        yield dotted(path), texts


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)
