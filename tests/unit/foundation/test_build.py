"""What the build stands on: exact versions, no hosts, one way to name them."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ("requirements-build.lock", "requirements.lock", "requirements-dev.lock")


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))


def plain(requirement: str) -> str:
    return re.sub(r"\[.*?\]", "", requirement)


@pytest.mark.parametrize(
    ("declared", "lock"),
    [
        (PROJECT["build-system"]["requires"], "requirements-build.lock"),
        (PROJECT["project"]["dependencies"], "requirements.lock"),
        (PROJECT["project"]["optional-dependencies"]["dev"], "requirements-dev.lock"),
    ],
)
def test_what_the_project_declares_is_locked_in_that_version(declared, lock):
    assert {plain(requirement) for requirement in declared} <= pins(lock)


def test_the_locks_agree_with_each_other():
    every = {pin.split("==")[0]: pin for lock in LOCKS for pin in pins(lock)}
    assert all(pins(lock) <= set(every.values()) for lock in LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock):
    blocks = re.split(r"\n(?=\w)", (ROOT / lock).read_text().strip())
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("name", [*LOCKS, "web/frontend/package-lock.json", "Makefile"])
def test_no_package_host_is_named(name):
    text = (ROOT / name).read_text()
    assert '"resolved"' not in text
    assert not re.search(
        r"https?://(?!opencollective|github|127\.0\.0\.1|\S*(fund|sponsor))", text
    )


def test_front_end_packages_are_pinned_exactly():
    package = json.loads((ROOT / "web/frontend/package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}.values()
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_no_install_script_of_a_package_runs():
    assert "ignore-scripts=true" in (ROOT / "web/frontend/.npmrc").read_text()


def test_every_icon_a_template_names_is_shipped():
    shipped = set((ROOT / "web/frontend/icons.txt").read_text().split())
    templates = (ROOT / "web" / "templates").rglob("*.html")
    named = {
        name
        for template in templates
        for name in re.findall(r"\bicon\(\s*['\"]([\w-]+)['\"]", template.read_text())
    }
    assert named <= shipped
