"""Request types as everybody else reads them: frozen, parsed once, cached by version.

A version never changes, so a cached one is never stale; only which version is current is asked
of the database.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

import forms
from engine import runtime, sla
from engine.definitions import offers
from engine.definitions.errors import WithdrawnError
from engine.errors import NotFoundError
from engine.lifecycle import RequestStatus
from engine.store import BundleFile, RequestTypeVersion

SETTINGS_FILE = "request_type.toml"
DEFAULT_MEDIA_TYPES = ("application/pdf", "image/jpeg", "image/png", "image/webp", "image/heic")
DEFAULT_MAX_BYTES = 10 * 1024 * 1024
FALLBACK_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A document the customer is asked for; of one `any_of` group a single item is enough."""

    item: str
    required: bool = True
    any_of: str | None = None
    media_types: tuple[str, ...] = DEFAULT_MEDIA_TYPES
    max_files: int = 1
    max_bytes: int = DEFAULT_MAX_BYTES


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks, as stated in the form."""

    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class RequestType:
    """One version of a bundle, parsed."""

    id: UUID
    key: str
    version: int
    files: Mapping[str, bytes] = field(repr=False)

    @cached_property
    def settings(self) -> Mapping[str, object]:
        return read_settings(self.files)

    @cached_property
    def policy(self) -> sla.Policy:
        return sla.read_policy(_table(self.settings, "sla"))

    @cached_property
    def process(self) -> runtime.Specification:
        return runtime.parse(self.files, self.process_id)

    @cached_property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        return tuple(_item(entry) for entry in _tables(self.settings, "documents"))

    @cached_property
    def locales(self) -> tuple[str, ...]:
        return _strings(self.settings.get("locales", [FALLBACK_LOCALE]))

    @property
    def process_id(self) -> str:
        return str(self.settings["process"])

    @cached_property
    def diagram(self) -> str:
        """The XML of the main diagram."""
        for path in sorted(self.files):
            content = self.files[path]
            if path.endswith(".bpmn") and f'"{self.process_id}"'.encode() in content:
                return content.decode()
        raise NotFoundError(f"No diagram of {self.key} holds {self.process_id}.")

    def form(self, name: str) -> forms.Form:
        """The form `forms/<name>.form.json`; raises NotFoundError."""
        found = self._forms.get(name)
        if found is None:
            raise NotFoundError(f"{self.key} has no form {name}.")
        return found

    @property
    def application_form(self) -> forms.Form:
        return self.form(str(self.settings["form"]))

    def texts(self, locale: str) -> Mapping[str, str]:
        """All texts for a locale; what is missing there comes from the first locale."""
        return self._texts.get(locale) or self._texts[self.locales[0]]

    def text(self, locale: str, key: str, default: str = "") -> str:
        return self.texts(locale).get(key, default)

    def name(self, locale: str) -> str:
        return self.text(locale, "name", self.key)

    def applicant(self, answers: Mapping[str, object]) -> Applicant:
        """Who asks, taken from the answers that `[applicant]` names."""
        keys = _table(self.settings, "applicant")
        found = {role: str(answers.get(str(key)) or "").strip() for role, key in keys.items()}
        return Applicant(found.get("name", ""), found.get("email"), found.get("phone"))

    @property
    def is_about_requests(self) -> bool:
        """Whether it can be asked for from a request's own page, as a complaint about it."""
        return self.settings.get("about_requests") is True

    def wait_status(self, message: str) -> RequestStatus:
        """The public status a case has while it waits for this message."""
        waits = _table(self.settings, "waits")
        return RequestStatus(str(waits.get(message, RequestStatus.WAITING_FOR_CUSTOMER.value)))

    def end_status(self, end_event: str) -> RequestStatus:
        """The public status a case has after ending in `end_event`."""
        ends = _table(self.settings, "ends")
        return RequestStatus(str(ends.get(end_event, RequestStatus.RESOLVED.value)))

    @cached_property
    def _forms(self) -> Mapping[str, forms.Form]:
        suffix = ".form.json"
        return {
            path.removeprefix("forms/").removesuffix(suffix): forms.parse(json.loads(content))
            for path, content in self.files.items()
            if path.startswith("forms/") and path.endswith(suffix)
        }

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, str]]:
        base = read_texts(self.files, self.locales[0])
        return {locale: {**base, **read_texts(self.files, locale)} for locale in self.locales}


_cache: dict[UUID, RequestType] = {}
_cache_lock = Lock()


def get(session: Session, version_id: UUID) -> RequestType:
    """The request type of this version; parsed once in the life of the process."""
    if (known := _cache.get(version_id)) is not None:
        return known
    row = session.get(RequestTypeVersion, version_id)
    if row is None:
        raise NotFoundError
    paths = select(BundleFile.path, BundleFile.content).where(
        BundleFile.request_type_version_id == version_id
    )
    files = dict(session.execute(paths).all())
    with _cache_lock:
        return _cache.setdefault(version_id, RequestType(row.id, row.key, row.version, files))


def known(session: Session) -> list[RequestType]:
    """The newest version of every request type, by key, offered or not."""
    return [get(session, version_id) for version_id, _ in _newest(session)]


def current(session: Session) -> list[RequestType]:
    """The newest version of every request type that is offered, by key."""
    return [get(session, version_id) for version_id, is_offered in _newest(session) if is_offered]


def latest(session: Session, key: str) -> RequestType:
    """The newest version of one request type, to begin with.

    Raises NotFoundError, which says so if it is withdrawn.
    """
    version = offers.newest(session, key)
    if version.withdrawn_at is not None:
        raise WithdrawnError
    return get(session, version.id)


def _newest(session: Session) -> list[tuple[UUID, bool]]:
    newest = (
        select(RequestTypeVersion.id, RequestTypeVersion.withdrawn_at.is_(None))
        .ext(distinct_on(RequestTypeVersion.key))
        .order_by(RequestTypeVersion.key, RequestTypeVersion.version.desc())
    )
    return [(version_id, is_offered) for version_id, is_offered in session.execute(newest)]


def next_version(session: Session, key: str) -> int:
    """The number the next version of `key` gets."""
    highest = select(func.max(RequestTypeVersion.version)).where(RequestTypeVersion.key == key)
    return (session.scalar(highest) or 0) + 1


def read_settings(files: Mapping[str, bytes]) -> Mapping[str, object]:
    """request_type.toml as a mapping; raises KeyError, UnicodeDecodeError or TOMLDecodeError."""
    return tomllib.loads(files[SETTINGS_FILE].decode())


def read_texts(files: Mapping[str, bytes], locale: str) -> Mapping[str, str]:
    """texts/<locale>.toml with nested tables flattened to dotted keys."""
    content = files.get(f"texts/{locale}.toml")
    return dict(_flat(tomllib.loads(content.decode()))) if content else {}


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", str(value)))
    return pairs


def _item(entry: Mapping[str, object]) -> ChecklistItem:
    """An entry that `checks` has passed."""
    any_of = entry.get("any_of")
    return ChecklistItem(
        item=str(entry["item"]),
        required=bool(entry.get("required", True)),
        any_of=str(any_of) if any_of else None,
        media_types=_strings(entry.get("media_types")) or DEFAULT_MEDIA_TYPES,
        max_files=int(str(entry.get("max_files", 1))),
        max_bytes=int(str(entry.get("max_bytes", DEFAULT_MAX_BYTES))),
    )


def _table(settings: Mapping[str, object], key: str) -> Mapping[str, object]:
    table = settings.get(key, {})
    return table if isinstance(table, Mapping) else {}


def _tables(settings: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    entries = settings.get(key, [])
    return entries if isinstance(entries, list) else []


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, list) else ()
