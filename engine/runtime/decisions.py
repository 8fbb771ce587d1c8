"""Decisions of a bundle, found by their id or name for business rule tasks.

A file that is no DMN has no decisions here; `engine.feel.dmn.check` tells what is wrong with it.
"""

from collections.abc import Iterable, Mapping

from engine.feel import dmn
from engine.feel.errors import FeelError


def load(files: Mapping[str, bytes]) -> tuple[dmn.Model, ...]:
    """The decision models among the files of a bundle, each with the others to import from."""
    contents = {name: data for name, data in sorted(files.items()) if name.endswith(".dmn")}
    models = []
    for name, data in contents.items():
        others = [other for key, other in contents.items() if key != name]
        try:
            models.append(dmn.parse(data, others))
        except FeelError:
            models += _alone(data)
    return tuple(models)


def find(models: Iterable[dmn.Model], decision: str) -> dmn.Model | None:
    """The model that has the decision, None if no model has."""
    for model in models:
        try:
            model.part(decision)
        except dmn.DmnError:
            continue
        return model
    return None


def _alone(data: bytes) -> list[dmn.Model]:
    """The model without what it might import: another file of the bundle may be broken."""
    try:
        return [dmn.parse(data)]
    except FeelError:
        return []
