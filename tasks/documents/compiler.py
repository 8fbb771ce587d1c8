"""The compiling process: reads one job after another from its input, answers on its output.

It runs by path, apart from the product, with no network, little memory and a clock that ends
it: a template that never finishes takes this process down and nothing else.
"""

import base64
import json
import resource
import signal
import struct
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    import typst

MEMORY_BYTES = 1024**3
FILE_BYTES = 64 * 1024**2
OPEN_FILES = 128
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
NOWHERE = "/nonexistent"
LENGTH = struct.Struct(">I")


class Job(TypedDict):
    """One document to make from `main`; `files` are base64 by their name below the root."""

    main: str
    files: dict[str, str]
    inputs: dict[str, str]
    moment: str
    seconds: float


class Reply(TypedDict, total=False):
    """Either `pdf` in base64, or the compiler's `error` with its `diagnostic`."""

    pdf: str
    error: str
    diagnostic: str


def main() -> None:
    """Serve jobs until the input ends, as it does when the parent dies."""
    import typst

    _limit()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[sys.argv[1]]
    )
    while (job := _receive()) is not None:
        # The default action of this signal ends the process, whatever it is busy with.
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        reply = _reply(job, fonts)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.buffer.write(packed(reply))
        sys.stdout.buffer.flush()


def packed(message: Mapping[str, object]) -> bytes:
    """One message for the pipe: its length in four bytes, then JSON."""
    body = json.dumps(message).encode()
    return LENGTH.pack(len(body)) + body


def _receive() -> Job | None:
    head = sys.stdin.buffer.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return cast("Job", json.loads(sys.stdin.buffer.read(*LENGTH.unpack(head))))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _reply(job: Job, fonts: "typst.Fonts") -> Reply:
    import typst

    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        root = Path(folder)
        for name, content in job["files"].items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(content))
        try:
            pdf = _compiled(job, root, fonts)
        except typst.TypstError as error:
            return {"error": error.message, "diagnostic": error.diagnostic}
    return {"pdf": base64.b64encode(pdf).decode()}


def _compiled(job: Job, root: Path, fonts: "typst.Fonts") -> bytes:
    import typst

    return typst.compile(
        str(root / job["main"]),
        root=str(root),
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=job["inputs"],
        pdf_standards=STANDARDS,
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
        timestamp=datetime.fromisoformat(job["moment"]),
    )


if __name__ == "__main__":
    main()
