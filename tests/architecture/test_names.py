"""Names and sizes: a reader finds their room by its name, and no room is a warehouse."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "forms", "processes", "tasks", "web")
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "node_modules" not in path.parts and "versions" not in path.parts
)
FORBIDDEN_MODULES = {"utils", "util", "helpers", "common", "misc", "managers", "services"}
FORBIDDEN_NAMES = {"task", "process", "workflow", "event"}  # docs/architecture.md, words
MOST_LINES = 300


def identity(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_has_at_most_three_hundred_lines(path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", MODULES, ids=identity)
def test_a_module_begins_by_saying_what_it_is(path):
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), "write the invariant a reader must know"


def test_no_module_is_named_after_nothing():
    assert not [path for path in MODULES if path.stem in FORBIDDEN_MODULES]


def test_no_class_manages_or_helps():
    classes = [
        (identity(path), node.name)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    ]
    assert not [found for found in classes if found[1].endswith(("Manager", "Helper", "Handler"))]


def test_no_table_has_a_bare_name():
    from engine.store import Base

    tables = {name.rstrip("s") for name in Base.metadata.tables}
    assert not tables & FORBIDDEN_NAMES


def test_only_the_runtime_uses_any():
    users = {
        identity(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "typing"
        and any(alias.name == "Any" for alias in node.names)
    }
    allowed = {  # SQLAlchemy's own type map, selects of many columns, a report read from JSON
        "engine/store/base.py",
        "engine/cases/dossier.py",
        "engine/cases/outbox.py",
        "engine/execution/gauges.py",
        "engine/execution/overview.py",
        "engine/cases/worklist.py",
        "tasks/documents/report.py",
    }
    assert {name for name in users if not name.startswith("engine/runtime/")} <= allowed


def test_one_place_catches_everything():
    places = [
        identity(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not _raises_again(node)
    ]
    assert places == ["tasks/run_job.py"]


def _catches_all(handler: ast.ExceptHandler) -> bool:
    names = {
        step.id for step in ast.walk(handler.type or ast.Tuple()) if isinstance(step, ast.Name)
    }
    return handler.type is None or bool(names & {"Exception", "BaseException"})


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None
