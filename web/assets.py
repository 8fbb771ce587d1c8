"""The built styles, scripts and icons, as templates ask for them.

A bundle's files carry a hash in their names, so a page always names the ones of its release.
"""

import json
import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent / "static" / "dist"
ADDRESS = "/static/dist/"


class AssetsMissingError(Exception):
    """Styles and scripts are not built. Run `make run`, or `python hatch_build.py`."""

    def __init__(self) -> None:
        super().__init__((type(self).__doc__ or "").strip())


class UnknownIconError(LookupError):
    """No icon of this name is shipped; web/frontend/icons.txt lists those that are."""


def bundle(entry: str) -> Markup:
    """The tags that load an entry of the front end, for the head of a page."""
    styles, scripts = _files(f"src/{entry}.js")
    *shared, own = scripts
    return Markup("\n").join(
        [
            *(Markup('<link rel="stylesheet" href="{}">').format(ADDRESS + f) for f in styles),
            *(Markup('<link rel="modulepreload" href="{}">').format(ADDRESS + f) for f in shared),
            Markup('<script type="module" src="{}"></script>').format(ADDRESS + own),
        ]
    )


def icon(name: str, label: str = "") -> Markup:
    """A drawing set inline; without a label it is decoration, and hidden from screen readers."""
    drawing = Markup(_drawing(name))  # noqa: S704 -- our own file
    if not label:
        return Markup(
            '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>'
        ).format(drawing)
    return Markup(
        '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>'
    ).format(label, drawing)


def icon_or(name: str, other: str) -> str:
    """`name` if an icon of this name is shipped, else `other`; for names that analysts chose."""
    is_name = re.fullmatch(r"[a-z0-9-]{1,64}", name) is not None
    return name if is_name and (FOLDER / "icons" / f"{name}.svg").is_file() else other


@cache
def _drawing(name: str) -> str:
    """What stands inside the svg element of an icon's file."""
    path = FOLDER / "icons" / f"{name}.svg"
    if not path.is_file():
        raise UnknownIconError(name)
    inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    return inside[1].strip() if inside else ""


@cache
def _files(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Styles and scripts of an entry and of all it imports, each once, the entry's script last."""
    chunk = _manifest()[key]
    styles: dict[str, None] = {}
    scripts: dict[str, None] = {}
    for imported in chunk.get("imports", ()):
        inner_styles, inner_scripts = _files(imported)
        styles |= dict.fromkeys(inner_styles)
        scripts |= dict.fromkeys(inner_scripts)
    styles |= dict.fromkeys(chunk.get("css", ()))
    scripts |= dict.fromkeys([chunk["file"]])
    return tuple(styles), tuple(scripts)


@cache
def _manifest() -> dict[str, dict[str, str]]:
    path = FOLDER / "manifest.json"
    if not path.is_file():
        raise AssetsMissingError
    read: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return read
