"""Messages of a request type: `messages/<key>.<locale>.toml`, one table per channel.

Mail is a Jinja template. SMS and WhatsApp texts are registered with an operator, word for word:
their placeholders are filled in order from expressions, and the registration travels with the
message, so that the channel can refuse what differs from it.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from html import escape
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.cases import sandbox
from engine.cases.sandbox import MessageTemplateError
from engine.definitions.request_types import RequestType
from engine.errors import NotFoundError
from engine.findings import Finding, Severity

PLACEHOLDERS = re.compile(r"\{#(?:var|url)#\}|\{\{\d+\}\}")
MAX_SMS_VALUE = 30  # characters in a place of an SMS, TRAI TCCCPR 2018 content templates
WEB_ADDRESS = ("https://", "http://")  # the operator knows its domain; it may be longer
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head>'
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1f2933">'
    '<div style="max-width:36em;margin:0 auto">{content}</div></body></html>'
)


class Fill(Protocol):
    def __call__(self, text: str, /, *, html: bool = False) -> str:
        """The template with the values of the message."""
        ...


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it goes out; `registration` is what the operator knows of its template."""

    body: str
    subject: str | None = None
    html: str | None = None
    registration: Mapping[str, object] = field(default_factory=dict)


def has(request_type: RequestType, message: str) -> bool:
    """Whether the request type has this message in any language."""
    return any(path.startswith(f"messages/{message}.") for path in request_type.files)


def channels(request_type: RequestType, message: str, locale: str) -> list[Channel]:
    """The channels this message is written for; raises NotFoundError without the message."""
    written = _read(request_type, message, locale)
    return [channel for channel in Channel if channel in written]


def render(
    request_type: RequestType,
    message: str,
    channel: str,
    locale: str,
    values: Mapping[str, object],
    *,
    zone: ZoneInfo | None = None,
) -> Rendered:
    """The message for a channel, in the locale or the request type's first one.

    Raises NotFoundError for a message or channel that is not written, MessageTemplateError for
    one that cannot be filled in.
    """
    written = _read(request_type, message, locale).get(channel)
    if not isinstance(written, Mapping):
        raise NotFoundError(f"The message {message} is not written for {channel}.")
    fill = partial(sandbox.fill, values=values, locale=locale, zone=zone)
    try:
        if channel == Channel.MAIL:
            return _mail(written, fill, locale)
        return _registered(written, fill, MAX_SMS_VALUE if channel == Channel.SMS else None)
    except MessageTemplateError as error:
        raise MessageTemplateError(f"messages/{message}.{locale}, {channel}: {error}") from error


def check(content: bytes, path: str) -> list[Finding]:
    """What is wrong with a message file that is TOML."""
    written = tomllib.loads(content.decode())
    return [
        Finding(path, str(channel), "message", Severity.ERROR, fault)
        for channel, table in written.items()
        for fault in _faults(channel, table)
    ]


def _read(request_type: RequestType, message: str, locale: str) -> Mapping[str, object]:
    for name in (locale, request_type.locales[0]):
        content = request_type.files.get(f"messages/{message}.{name}.toml")
        if content is not None:
            return tomllib.loads(content.decode())
    raise NotFoundError(f"{request_type.key} has no message {message}.")


def _mail(written: Mapping[str, object], fill: Fill, locale: str) -> Rendered:
    subject = fill(str(written["subject"]))
    body = fill(str(written["text"])).strip() + "\n"
    content = fill(str(written["html"]), html=True) if "html" in written else _paragraphs(body)
    subject = " ".join(subject.split())  # a header is one line
    return Rendered(
        body, subject, PAGE.format(lang=locale, title=escape(subject), content=content)
    )


def _paragraphs(body: str) -> str:
    """Plain text as HTML: paragraphs, line ends, links."""
    linked = LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(body.strip()))
    blocks = re.split(r"\n\s*\n", linked)
    return "".join("<p>" + block.replace("\n", "<br>") + "</p>" for block in blocks)


def _registered(written: Mapping[str, object], fill: Fill, limit: int | None) -> Rendered:
    names = written.get("variables", [])
    expressions = names if isinstance(names, list) else []
    filled = [_shortened(fill(_as_template(name)), limit) for name in expressions]
    registration = {**written, "variables": filled}
    return Rendered(_placed(str(written["body"]), filled), registration=registration)


def _shortened(value: str, limit: int | None) -> str:
    """On one line, and short enough; an address is never cut."""
    line = " ".join(value.split())
    return line if line.startswith(WEB_ADDRESS) else line[:limit]


def _as_template(expression: object) -> str:
    return "{{ " + str(expression) + " }}"


def _placed(body: str, filled: list[str]) -> str:
    """The registered text with its placeholders filled, `{{2}}` by number, others in order."""
    following = iter(filled)

    def value(found: re.Match[str]) -> str:
        if found[0].startswith("{{"):
            return filled[int(found[0][2:-2]) - 1]
        return next(following)

    try:
        return PLACEHOLDERS.sub(value, body)
    except (StopIteration, IndexError, RuntimeError) as error:
        raise MessageTemplateError("There are more placeholders than variables.") from error


def _faults(channel: str, table: object) -> Iterator[str]:
    if channel not in set(Channel) or not isinstance(table, Mapping):
        yield f"`{channel}` is not a channel; write [mail], [sms] or [whatsapp]."
        return
    needed = ("subject", "text") if channel == Channel.MAIL else ("body",)
    yield from (f"`{key}` is missing." for key in needed if not isinstance(table.get(key), str))
    if channel == Channel.MAIL:
        texts = [str(table[key]) for key in ("subject", "text", "html") if key in table]
    else:
        names = table.get("variables", [])
        texts = [_as_template(name) for name in names] if isinstance(names, list) else []
        yield from _unmatched(str(table.get("body", "")), len(texts))
    yield from (fault for text in texts if (fault := sandbox.check(text)))


def _unmatched(body: str, given: int) -> Iterator[str]:
    numbers = {int(found[2:-2]) for found in PLACEHOLDERS.findall(body) if found.startswith("{{")}
    in_order = sum(not found.startswith("{{") for found in PLACEHOLDERS.findall(body))
    wanted = max([in_order, *numbers])
    if wanted != given:
        yield f"The text has {wanted} placeholders, `variables` has {given}."
