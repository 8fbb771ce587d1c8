"""Words of a request type for its customers: service, promise, notice, documents."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.cases import customers
from engine.definitions.request_types import ChecklistItem, RequestType
from engine.store import Draft, ServiceRequest
from forms import markdown
from web import assets, i18n
from web.portal import current

COUNTS: Mapping[str, LazyString] = {
    "elapsed": _l("counted round the clock, weekends and holidays included"),
}
PAUSES: Mapping[str, LazyString] = {
    "waiting_for_customer": _l("The time stands still while we wait for something from you."),
}
MEDIA: Mapping[str, str] = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
    "image/heif": "HEIF",
    "image/tiff": "TIFF",
    "image/gif": "GIF",
}
ICON = "file-earmark-text"  # of a service that names none
OWN_NOTICE = ("turnaround", "1")


@dataclass(frozen=True, slots=True)
class Service:
    """A service as the catalogue shows it."""

    key: str
    name: str
    summary: str
    icon: str
    promise: str
    counts: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What the customer consents to, in one version and language."""

    key: str
    version: str
    locale: str
    title: str
    text: str  # Markdown

    @property
    def html(self) -> markdown.SafeHtml:
        """The text for a page."""
        return markdown.to_html(self.text)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the checklist as the page shows it."""

    rule: ChecklistItem
    label: str
    hint: str

    @property
    def key(self) -> str:
        """The item's name in the checklist."""
        return self.rule.item

    @property
    def kinds(self) -> str:
        """The kinds of files that are accepted, for people."""
        return ", ".join(MEDIA.get(kind, kind) for kind in self.rule.media_types)

    @property
    def accept(self) -> str:
        """The same for the browser's file chooser."""
        return ",".join(self.rule.media_types)

    @property
    def takes_photos(self) -> bool:
        """Whether a photo would do."""
        return any(kind.startswith("image/") for kind in self.rule.media_types)


def contact(kind: str, value: str) -> str:
    """A confirmed contact as its holder recognises it and nobody else learns it."""
    shown = customers.masked(kind, value)
    if kind == customers.PHONE:
        return str(_("phone %(contact)s", contact=shown))
    return str(_("mail %(contact)s", contact=shown))


def contacts(request: ServiceRequest) -> list[str]:
    """Where the messages of a request go."""
    held = ((customers.EMAIL, request.email), (customers.PHONE, request.phone))
    return [contact(kind, value) for kind, value in held if value]


def service(request_type: RequestType) -> Service:
    """The service's name, summary and promise."""
    locale = current.locale(request_type)
    policy = request_type.policy
    return Service(
        request_type.key,
        request_type.name(locale),
        request_type.text(locale, "summary"),
        assets.icon_or(request_type.text(locale, "icon"), ICON),
        i18n.duration(policy.promised),
        counted(policy.counts),
    )


def counted(counts: str) -> str:
    """How the time is counted."""
    return str(COUNTS.get(counts, counts))


def pauses(codes: object) -> list[str]:
    """What stops the clock, in sentences."""
    known = codes if isinstance(codes, (list, tuple)) else ()
    return [str(PAUSES.get(str(code), code)) for code in known]


def notice(request_type: RequestType) -> Notice:
    """The notice the customer agrees to; a general one if the request type brings none."""
    settings = request_type.settings.get("consent")
    locale = current.locale(request_type)
    if not isinstance(settings, Mapping):
        return Notice(*OWN_NOTICE, locale, _("How we use what you tell us"), _own_notice())
    key, version = str(settings["notice"]), str(settings["version"])
    title = request_type.text(locale, f"notice.{key}.title", _("How we use what you tell us"))
    text = request_type.text(locale, f"notice.{key}.body", _own_notice())
    return Notice(key, version, locale, title, text)


def is_agreed(request_type: RequestType, draft: Draft) -> bool:
    """Whether the customer agreed to the notice in its present version."""
    wanted = notice(request_type)
    given = draft.consent or {}
    return (given.get("notice"), given.get("version")) == (wanted.key, wanted.version)


def items(request_type: RequestType) -> list[Item]:
    """The checklist with its words."""
    return [item(request_type, rule) for rule in request_type.checklist]


def item(request_type: RequestType, rule: ChecklistItem) -> Item:
    """One item with its words."""
    return Item(
        rule,
        item_label(request_type, rule.item),
        request_type.text(current.locale(request_type), f"document.{rule.item}.hint"),
    )


def item_label(request_type: RequestType, key: str) -> str:
    """What an item is called."""
    default = key.replace("_", " ").capitalize()
    return request_type.text(current.locale(request_type), f"document.{key}.label", default)


def _own_notice() -> str:
    return str(
        _(
            "We use what you tell us and the documents you upload to carry out this request, and "
            "for nothing else. You may ask at any time what we hold, have mistakes put right, or "
            "withdraw your consent."
        )
    )
