"""Secrets the installation makes for itself and keeps beside its data.

A secret is made once: whoever comes second, also at the same moment, reads what the first made.
"""

import os
import secrets
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def read_or_make(path: Path, length: int = 32) -> str:
    """The secret kept at `path`; made of `length` random bytes, readable by its owner alone.

    Raises OSError when the folder can be neither read nor written.
    """
    if not path.exists():
        path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(length))
    return path.read_text(encoding="utf-8").strip()


def _write_once(path: Path, secret: str) -> None:
    """Write aside, then link: nobody ever reads a half-written secret or replaces one."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as new:
        new.write(secret + "\n")
        new.flush()
        os.fsync(new.fileno())
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return  # Another process of ours was faster; its secret is the one that holds.
    finally:
        aside.unlink()
