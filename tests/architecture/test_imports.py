"""The house stands as docs/architecture.md draws it."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ["engine", "forms", "processes", "tasks", "web"]


def test_the_import_contracts_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", PACKAGES)
def test_each_generic_name_is_ours(name):
    """A foreign distribution that ships such a name would otherwise win in silence."""
    location = importlib.import_module(name).__file__
    assert location is not None
    assert Path(location).is_relative_to(ROOT)
