"""Make the project runnable here: virtual environment, dependencies, built assets.

Needs nothing but Python and says what is missing. What is done already is not done again, and an
interrupted run goes on where it stopped. Usage: python3 bootstrap.py [--dev]
"""

from __future__ import annotations  # an old Python must get as far as our message

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-from"

OLDEST = (3, 11)
DISK_NEEDED = 1_000_000_000  # bytes, for the environment and what building it takes
LOCKS = ("requirements-build.lock", "requirements.lock")
DEV_LOCKS = (*LOCKS, "requirements-dev.lock")
PACKAGES = ("engine", "forms", "processes", "tasks", "web")
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input")


def main(arguments: list[str]) -> int:
    """Prepare everything; 0 when the product, or with --dev its tests, can run."""
    dev = "--dev" in arguments
    locks = DEV_LOCKS if dev else LOCKS
    if not installed(locks):
        check_python()
        check_disk()
        make_environment()
        check_network()
        install(locks)
        build()
        link()
        STAMP.write_text("\n".join([wanted(DEV_LOCKS) if dev else "", wanted(LOCKS)]) + "\n")
        say("Ready.")
    elif subprocess.call([str(PYTHON), "hatch_build.py"], cwd=str(ROOT)):
        return 1
    return 0


def installed(locks: tuple[str, ...]) -> bool:
    """Whether this environment, in this place, was made from these locks."""
    return STAMP.exists() and PYTHON.exists() and wanted(locks) in STAMP.read_text().split()


def wanted(locks: tuple[str, ...]) -> str:
    """A digest of all that the environment's content depends on."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in (*locks, "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def check_python() -> None:
    """Stop when this Python cannot make the environment."""
    if sys.version_info < OLDEST:
        stop(
            f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.",
            "Install a newer one, or name it: make run PYTHON=/path/to/python3",
        )
    if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        stop(
            f"This Python ({sys.executable}) cannot make virtual environments.",
            "On Debian and Ubuntu: apt install python3-venv",
        )


def check_disk() -> None:
    """Stop early rather than in the middle of unpacking."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < DISK_NEEDED:
        stop(
            f"About 1 GB of disk is needed in {ROOT}; {free // 1_000_000} MB are free.",
            "Free some, and start again.",
        )


def make_environment() -> None:
    """Make the virtual environment, anew when it is broken or was made somewhere else."""
    if works():
        return
    say("Making the virtual environment in .venv ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode or not works():
        stop("The virtual environment could not be made.", (made.stdout + made.stderr).strip())


def works() -> bool:
    """Whether .venv holds a Python, new enough, with pip, that knows its own place."""
    if not PYTHON.exists():
        return False
    script = "import sys, pip; print(sys.prefix, *sys.version_info[:2])"
    asked = subprocess.run(
        [str(PYTHON), "-c", script], capture_output=True, text=True, check=False
    )
    if asked.returncode:
        return False
    prefix, major, minor = asked.stdout.rsplit(maxsplit=2)
    return Path(prefix) == VENV and (int(major), int(minor)) >= OLDEST


def check_network() -> None:
    """Fetch one small package, to say plainly when no package can be had."""
    probe = next(line.split()[0] for line in lines("requirements-build.lock") if "==" in line)
    quick = ("--quiet", "--retries", "1", "--timeout", "20", "--no-deps")
    with tempfile.TemporaryDirectory() as folder:
        asked = subprocess.run(
            [str(PYTHON), *PIP, "download", *quick, "--dest", folder, probe],
            capture_output=True,
            text=True,
            check=False,
        )
    if asked.returncode:
        stop(
            "pip cannot fetch packages from its index:",
            asked.stderr.strip(),
            "Check the network; behind a proxy set HTTPS_PROXY, with an index of your own"
            " PIP_INDEX_URL.",
        )


def install(locks: tuple[str, ...]) -> None:
    """Install exactly the locked packages, verified by their hashes."""
    files = [part for name in locks for part in ("-r", name)]
    total = len({line.split()[0] for name in locks for line in lines(name) if "==" in line})
    say(f"Installing {total} packages ...")
    options = ("--no-deps", "--require-hashes", "--progress-bar", "off", "--no-build-isolation")
    command = [str(PYTHON), *PIP, "install", *options, *files]
    said = []
    with subprocess.Popen(
        command, cwd=str(ROOT), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        seen = 0
        for line in pip.stdout or ():
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                seen += 1
                progress(seen, total)
            elif line.startswith("Installing collected packages"):
                say("\n  unpacking ..." if sys.stdout.isatty() else "  unpacking ...")
    if pip.returncode:
        stop("The packages could not be installed:", "".join(said[-15:]).strip())


def build() -> None:
    """Build styles and scripts with the Node that came as a package."""
    say("Building styles and scripts ...")
    if subprocess.call([str(PYTHON), "hatch_build.py"], cwd=str(ROOT)):
        stop("Start again once the reason above is gone; what is done is kept.")


def link() -> None:
    """Put the product itself into the environment, with its command."""
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    command = [str(PYTHON), *PIP, "install", *options, "--editable", "."]
    linked = subprocess.run(command, cwd=str(ROOT), capture_output=True, text=True, check=False)
    if linked.returncode:
        stop("The product could not be installed:", linked.stderr.strip())
    # Compiled now, the first start is as quick as the others.
    subprocess.call([str(PYTHON), "-m", "compileall", "-q", *PACKAGES], cwd=str(ROOT))


def lines(name: str) -> list[str]:
    """The lines of a lock file that begin a requirement."""
    written = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line for line in written if line[:1].isalnum()]


def progress(seen: int, total: int) -> None:
    """Count in place on a terminal, now and then elsewhere."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r  {seen} of {total}")
        sys.stdout.flush()
    elif seen % 20 == 0 or seen == total:
        say(f"  {seen} of {total}")


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def stop(*reasons: str) -> NoReturn:
    """End with what is wrong and what to do."""
    sys.exit("\n".join(("", *reasons)))


if __name__ == "__main__":
    os.umask(os.umask(0o022) & ~0o055)  # what is installed may be read, whatever the umask
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\nInterrupted; the next start goes on from here.")
