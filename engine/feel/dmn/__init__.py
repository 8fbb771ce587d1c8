"""DMN decision models, versions 1.1 to 1.5: read, check, decide.

Models are data that analysts edit: reading one is limited like evaluating, foreign functions
(Java, PMML) give null, and what cannot be read is reported by `check`, all of it at once.
"""

from collections.abc import Iterable

from engine.feel.dmn import xml
from engine.feel.dmn.checks import check
from engine.feel.dmn.decisions import decide
from engine.feel.dmn.errors import DmnError
from engine.feel.dmn.model import Model
from engine.feel.dmn.reader import Reading, read
from engine.feel.limits import metered

__all__ = ["DmnError", "Model", "check", "decide", "parse"]


def parse(content: bytes, imports: Iterable[bytes] = ()) -> Model:
    """The model of the XML; `imports` are the files it imports, directly or not.

    Raises DmnError for what is no DMN. A broken expression raises only when it is run: `check`
    tells of it before.
    """
    root = xml.root(content)
    files = {xml.attribute(one, "namespace"): one for one in map(xml.root, imports)}
    with metered():
        return _read(root, files, {}).model


def _read(root: xml.Element, files: dict[str, xml.Element], done: dict[str, Reading]) -> Reading:
    namespace = xml.attribute(root, "namespace")
    wanted = [xml.attribute(one, "namespace") for one in xml.children(root, "import")]
    rest = {key: file for key, file in files.items() if key != namespace}
    for key in wanted:
        if key in rest and key not in done:
            done[key] = _read(rest[key], rest, done)
    return read(root, {key: done[key] for key in wanted if key in done})
