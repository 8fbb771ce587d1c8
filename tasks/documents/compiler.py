"""The compiling process: runs typst apart from the product, without network or other files."""

import base64
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from tasks.documents import serving

if TYPE_CHECKING:
    import typst

MEMORY_BYTES = 1024**3
STANDARDS: "list[typst.PDFStandard]" = ["a-3a", "ua-1"]
NOWHERE = "/nonexistent"


class Job(TypedDict):
    """One document to make from the file `main`; `files` are base64 by their name."""

    main: str
    files: dict[str, str]
    inputs: dict[str, str]
    moment: str


def main() -> None:
    """Answer each job with a PDF, or with the compiler's error and where it is."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[sys.argv[1]]
    )
    serving.serve(lambda job, _: _answer(cast("Job", job), fonts), MEMORY_BYTES)


def _answer(job: Job, fonts: "typst.Fonts") -> serving.Message:
    import typst

    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        root = Path(folder)
        for name, content in job["files"].items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(base64.b64decode(content))
        try:
            return {}, _compiled(job, root, fonts)
        except typst.TypstError as error:
            return {"error": error.message, "diagnostic": error.diagnostic}, b""


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
