"""Rendering: a typst template and data in, a tagged PDF/A-3a, PDF/UA-1 out.

Data reaches the template as JSON and never as typst text. Template, data and moment decide
every byte of the result, so that a repeated job makes the same document.
"""

import base64
import json
import mimetypes
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from engine import clock
from tasks.documents import glyphs
from tasks.documents.errors import FontsMissingError, RenderTimeoutError, TemplateError
from tasks.documents.processes import LostProcessError, Pool

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
LAYOUTS = HERE / "templates"
TIMEOUT = timedelta(seconds=10)
TEMPLATE = "template.typ"
MAIN_FILE = "main.typ"
ATTACHED = "attached"
COMPILERS: dict[Path, Pool] = {}
PLACE = re.compile(r"┌─ (?P<file>\S+?):(?P<line>\d+):\d+")
SEARCHED = re.compile(r" \(searched at [^)]*\)")

MAIN = """\
#set document(title: sys.inputs.title)
#set text(font: ("Noto Sans", "Noto Sans Devanagari", "Noto Sans Tamil"), lang: sys.inputs.lang)
#include "/template.typ"
#for file in json(bytes(sys.inputs.attachments)) {
  pdf.attach(
    file.name,
    read("/attached/" + file.name, encoding: none),
    relationship: "data",
    mime-type: file.type,
    description: file.name,
  )
}
"""


def render(
    template: str | bytes,
    data: Mapping[str, object],
    *,
    title: str,
    lang: str,
    files: Mapping[str, bytes] | None = None,
    attachments: Mapping[str, bytes] | None = None,
    moment: datetime | None = None,
    fonts: Path = FONTS,
    timeout: timedelta = TIMEOUT,
) -> bytes:
    """Make the PDF. `data` is what `json(bytes(sys.inputs.data))` gives to the template.

    `files` are what the template may read or import beside the shared layouts; `attachments`
    are embedded (PDF/A-3, relationship Data). Raises TemplateError with the line,
    RenderTimeoutError, FontsMissingError.
    """
    readable = glyphs.legible(dict(data), _coverage(fonts))
    attached = attachments or {}
    job = {
        "main": MAIN_FILE,
        "files": _files(template, files or {}, attached),
        "inputs": {
            "data": json.dumps(readable, ensure_ascii=False, default=str),
            "title": str(glyphs.legible(title, _coverage(fonts))),
            "lang": lang.partition("-")[0],
            "attachments": json.dumps([_described(name) for name in sorted(attached)]),
        },
        "moment": (moment or clock.now()).replace(microsecond=0).isoformat(),
    }
    return _compiled(job, fonts, timeout)


def close() -> None:
    """End the compiling processes that wait for work, for an orderly stop."""
    for folder in list(COMPILERS):
        COMPILERS.pop(folder).close()


def _coverage(fonts: Path) -> frozenset[int]:
    try:
        return glyphs.coverage(fonts)
    except FileNotFoundError as error:
        raise FontsMissingError(folder=str(fonts)) from error


def _files(
    template: str | bytes, files: Mapping[str, bytes], attachments: Mapping[str, bytes]
) -> dict[str, str]:
    source = template.encode() if isinstance(template, str) else template
    layouts = {path.name: path.read_bytes() for path in LAYOUTS.glob("*.typ")}
    attached = {f"{ATTACHED}/{name}": content for name, content in attachments.items()}
    own = {TEMPLATE: source, MAIN_FILE: MAIN.encode()}
    everything = {**layouts, **files, **attached, **own}
    return {_inside(name): base64.b64encode(data).decode() for name, data in everything.items()}


def _inside(name: str) -> str:
    """The file's name, if it stays below the template's root."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or not path.parts:
        raise TemplateError(f"A file of the template may not be called {name!r}.", file=name)
    return str(path)


def _described(name: str) -> dict[str, str]:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"name": name, "type": kind}


def _compiled(job: Mapping[str, object], fonts: Path, timeout: timedelta) -> bytes:
    pool = COMPILERS.setdefault(fonts, Pool("tasks.documents.compiler", (str(fonts.resolve()),)))
    try:
        facts, pdf = pool.ask(job, b"", timeout)
    except LostProcessError as error:
        raise RenderTimeoutError from error
    if "error" in facts:
        raise _template_error(str(facts["error"]), str(facts["diagnostic"]))
    return pdf


def _template_error(message: str, diagnostic: str) -> TemplateError:
    place = PLACE.search(diagnostic)
    file = place["file"].rpartition("/")[2] if place else None
    line = int(place["line"]) if place else None
    where = f"{file}, line {line}: " if place else ""
    return TemplateError(f"{where}{SEARCHED.sub('', message)}", line=line, file=file)
