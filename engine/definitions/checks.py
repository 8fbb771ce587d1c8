"""Everything that is checked before a bundle may be published; all findings at once."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath

import forms
from engine import feel, runtime, sla
from engine.cases import templates
from engine.definitions import references, translations
from engine.definitions.request_types import SETTINGS_FILE
from engine.errors import InvalidError
from engine.feel import dmn
from engine.findings import Finding, Severity
from engine.lifecycle import RequestStatus

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LOCALE = re.compile(r"[a-z]{2,3}([_-][A-Za-z0-9]{2,8})?")
REQUIRED_KEYS = ("key", "process", "form", "locales", "applicant", "sla")
APPLICANT_KEYS = ("name",)
CONSENT_KEYS = ("notice", "version")
CHECKLIST_KEYS = {
    "item": str,
    "required": bool,
    "any_of": str,
    "media_types": list,
    "max_files": int,
    "max_bytes": int,
}

FileCheck = Callable[[bytes, str], list[Finding]]


def check_bundle(files: Mapping[str, bytes]) -> list[Finding]:
    """All findings of a bundle: its files one by one, then how they fit together."""
    findings = check_files(files)
    settings = _settings(files, findings)
    if settings is not None:
        findings += _check_settings(settings)
        findings += _check_references(settings, files)
    if settings is not None and not any(found.severity is Severity.ERROR for found in findings):
        findings += translations.check(files, _texts(settings["locales"]))
    return findings


def check_files(files: Mapping[str, bytes]) -> list[Finding]:
    """Findings of diagrams, decisions, forms and TOML files, each for itself."""
    findings = runtime.check(files)
    for path, content in files.items():
        check = _check_for(path)
        if check is not None:
            findings += check(content, path)
    return findings


def _check_for(path: str) -> FileCheck | None:
    if path.endswith(".dmn"):
        return dmn.check
    if path.endswith((".json", ".form")):
        return _check_form
    if path.endswith(".toml") and PurePosixPath(path).parent.name == "messages":
        return _check_message
    if path.endswith(".toml"):
        return _check_toml
    return None


def _check_form(content: bytes, path: str) -> list[Finding]:
    return forms.check(content, path, _fault_of)


def _fault_of(expression: str) -> str | None:
    """What is wrong with a FEEL text; None if nothing is."""
    try:
        feel.compile(expression)
    except feel.FeelError as error:
        return str(error)
    return None


def _check_toml(content: bytes, path: str) -> list[Finding]:
    try:
        tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        return [_error(path, "toml", f"This is not TOML: {error}.")]
    return []


def _check_message(content: bytes, path: str) -> list[Finding]:
    return _check_toml(content, path) or templates.check(content, path)


def _settings(files: Mapping[str, bytes], findings: list[Finding]) -> Mapping[str, object] | None:
    if SETTINGS_FILE not in files:
        findings.append(_error(SETTINGS_FILE, "settings", "The bundle has no request_type.toml."))
        return None
    if any(found.file == SETTINGS_FILE for found in findings):
        return None
    return tomllib.loads(files[SETTINGS_FILE].decode())


def _check_settings(settings: Mapping[str, object]) -> Iterator[Finding]:
    for key in REQUIRED_KEYS:
        if key not in settings:
            yield _error(SETTINGS_FILE, "settings", f"`{key}` is missing.")
    yield from _check_names(settings)
    yield from _keys(settings, "applicant", APPLICANT_KEYS)
    if "consent" in settings:
        yield from _keys(settings, "consent", CONSENT_KEYS)
    yield from _check_policy(settings)
    yield from _check_checklist(settings)
    yield from _check_statuses(settings)


def _check_names(settings: Mapping[str, object]) -> Iterator[Finding]:
    """The key stands in addresses of pages; without a language no page can be written."""
    if "key" in settings and not KEY.fullmatch(str(settings["key"])):
        yield _error(SETTINGS_FILE, "settings", "`key` must be of a to z, 0 to 9, - and _.")
    locales = settings.get("locales")
    named = isinstance(locales, list) and [LOCALE.fullmatch(str(name)) for name in locales]
    if "locales" in settings and not (named and all(named)):
        yield _error(SETTINGS_FILE, "settings", '`locales` must be a list such as ["en", "hi"].')


def _keys(
    settings: Mapping[str, object], table_name: str, wanted: tuple[str, ...]
) -> Iterator[Finding]:
    table = settings.get(table_name)
    if table is not None and not isinstance(table, Mapping):
        yield _error(SETTINGS_FILE, "settings", f"`{table_name}` must be a table.")
        return
    for key in wanted if table is not None else ():
        if not isinstance(table.get(key) if table else None, str):
            yield _error(SETTINGS_FILE, "settings", f"`{table_name}.{key}` must be a text.")


def _check_policy(settings: Mapping[str, object]) -> Iterator[Finding]:
    table = settings.get("sla")
    if isinstance(table, Mapping):
        try:
            sla.read_policy(table)
        except InvalidError as error:
            yield _error(SETTINGS_FILE, "sla", str(error))


def _check_checklist(settings: Mapping[str, object]) -> Iterator[Finding]:
    entries = settings.get("documents", [])
    for entry in entries if isinstance(entries, list) else [entries]:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("item"), str):
            yield _error(SETTINGS_FILE, "documents", "Each [[documents]] entry needs an item.")
            continue
        for key, value in entry.items():
            wanted = CHECKLIST_KEYS.get(key)
            if wanted is None or not isinstance(value, wanted):
                fault = "is not known" if wanted is None else f"must be a {wanted.__name__}"
                yield _error(
                    SETTINGS_FILE, "documents", f"documents.{entry['item']}: `{key}` {fault}."
                )


def _check_statuses(settings: Mapping[str, object]) -> Iterator[Finding]:
    """What a case is called at an end event, and while it waits for a message."""
    for name in ("ends", "waits"):
        table = settings.get(name, {})
        for key, status in table.items() if isinstance(table, Mapping) else ():
            if status not in {known.value for known in RequestStatus}:
                yield _error(SETTINGS_FILE, name, f"{name}.{key}: there is no status {status!r}.")


def _check_references(
    settings: Mapping[str, object], files: Mapping[str, bytes]
) -> Iterator[Finding]:
    form = f"forms/{settings.get('form')}.form.json"
    if form not in files:
        yield _error(SETTINGS_FILE, "form", f"There is no {form}.")
    for locale in _texts(settings.get("locales")):
        if f"texts/{locale}.toml" not in files:
            yield _error(SETTINGS_FILE, "locales", f"There is no texts/{locale}.toml.")
    if any(found.severity is Severity.ERROR for found in runtime.check(files)):
        return
    locale = next(iter(_texts(settings.get("locales"))), "en")
    yield from references.check(files, locale, _policy(settings))
    try:
        runtime.parse(files, str(settings.get("process")))
    except runtime.DefinitionError as error:
        yield from error.findings


def _policy(settings: Mapping[str, object]) -> sla.Policy | None:
    table = settings.get("sla")
    try:
        return sla.read_policy(table) if isinstance(table, Mapping) else None
    except InvalidError:
        return None  # `_check_policy` says why


def _texts(value: object) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _error(file: str, rule: str, message: str) -> Finding:
    return Finding(file, None, rule, Severity.ERROR, message)
