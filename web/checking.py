"""What the command line asks about files and expressions, without a running product."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine import feel
from engine.definitions import bundles, checks
from engine.findings import Finding, Severity

KNOWN = (".bpmn", ".dmn", ".json", ".form", ".toml")
MOST_READ = 64 * 1024 * 1024  # bytes; the checks refuse far less, each in its own words


def findings(paths: Sequence[Path]) -> list[Finding]:
    """All findings of files and of bundle folders; what cannot be read has one too."""
    contents: dict[str, bytes] = {}
    found: list[Finding] = []
    for path in paths:
        if path.is_dir():
            found += _of_bundle(path)
        elif not path.exists():
            found.append(_error(path, "absent", "There is no such file or folder."))
        elif path.suffix not in KNOWN:
            found.append(_error(path, "kind", f"Only {', '.join(KNOWN)} files are checked."))
        else:
            try:
                with path.open("rb") as file:
                    contents[str(path)] = file.read(MOST_READ)
            except OSError as error:
                found.append(_error(path, "unreadable", f"This cannot be read: {error.strerror}."))
    return found + checks.check_files(contents)


def _of_bundle(folder: Path) -> list[Finding]:
    """A folder is checked as the whole it is published as."""
    return bundles.placed(checks.check_bundle(bundles.read_folder(folder)), folder)


def evaluated(expression: str, context: str) -> object:
    """The expression's value as JSON. Raises FeelError, or ValueError for a bad context."""
    try:
        variables = json.loads(context)
    except RecursionError as error:
        raise ValueError("The context is nested too deeply.") from error
    if not isinstance(variables, Mapping):
        raise ValueError("The context must be a JSON object.")  # noqa: TRY004 -- its value is wrong
    known = {str(name): feel.from_json(value) for name, value in variables.items()}
    return feel.to_json(feel.evaluate(expression, known))


def _error(path: Path, rule: str, message: str) -> Finding:
    return Finding(str(path), None, rule, Severity.ERROR, message)
