"""Where message templates run: Jinja without calls, loops over data alone, no blanks by mistake.

Analysts write templates, so they are untrusted: no method or function can be called, what could
make huge values or run for long is refused (`template_grammar`), and only the filters named here
exist.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

import phonenumbers
from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.cases import template_grammar, writing
from engine.errors import InvalidError

FILTERS = frozenset(
    {"capitalize", "d", "default", "e", "escape", "first", "forceescape", "int", "join", "last"}
    | {"length", "lower", "replace", "round", "title", "trim", "upper"}
)
MAX_TEMPLATE = 100_000  # characters
MAX_RENDERED = 500_000  # characters


class MessageTemplateError(InvalidError):
    """The message template cannot be filled in."""

    code = "message_template"


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002 -- whatever it is
        return False

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return template_grammar.restrict(super()._parse(source, name, filename))

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return template_grammar.added(left, right)
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"the operator {operator} is for small numbers only")
        return super().call_binop(context, operator, left, right)


def fill(
    text: str,
    values: Mapping[str, object],
    *,
    locale: str,
    zone: ZoneInfo | None = None,
    html: bool = False,
) -> str:
    """The template with its values; dates are written as in `locale` and `zone` (or UTC).

    Raises MessageTemplateError, for a name that has no value too.
    """
    try:
        with template_grammar.rounds():
            parts = _compiled(text, html=html, locale=locale, zone=zone).generate(values)
            return _joined(parts)
    except (TemplateError, ArithmeticError, TypeError, ValueError, RecursionError) as error:
        raise MessageTemplateError(f"{type(error).__name__}: {error}") from error


def check(text: str) -> str | None:
    """What is wrong with the template's syntax, or None."""
    try:
        environment(html=False).from_string(_limited(text))
    except (TemplateError, MessageTemplateError, RecursionError) as error:
        return str(error)
    return None


@cache
def environment(
    *, html: bool, locale: str = "en", zone: ZoneInfo | None = None
) -> ImmutableSandboxedEnvironment:
    """The sandbox for one language and time zone."""
    sandbox = _Sandbox(undefined=StrictUndefined, autoescape=html, cache_size=0)
    sandbox.globals.clear()
    sandbox.filters = {name: sandbox.filters[name] for name in FILTERS}
    sandbox.filters |= {
        template_grammar.COUNTED: template_grammar.counted,
        template_grammar.JOINED: template_grammar.join,
        "replace": template_grammar.replace,
        "round": template_grammar.rounded,
    }
    place = zone or ZoneInfo("UTC")
    sandbox.filters["moment"] = partial(moment, locale=locale, zone=place)
    sandbox.filters["day"] = partial(day, locale=locale, zone=place)
    sandbox.filters["phone"] = _phone
    return sandbox


def moment(value: object, locale: str, zone: ZoneInfo) -> str:
    """A date with its time, and the name of the zone: a letter is read anywhere."""
    found = _read(value)
    return f"{writing.moment(found, locale, zone)} {found.astimezone(zone):%Z}"


def day(value: object, locale: str, zone: ZoneInfo) -> str:
    """A date as people of that place write it."""
    if isinstance(value, str) and len(value) == len("2026-11-22"):
        return writing.day(date.fromisoformat(value), locale, zone)
    return writing.day(_read(value), locale, zone)


@lru_cache(maxsize=500)
def _compiled(text: str, *, html: bool, locale: str, zone: ZoneInfo | None) -> Template:
    return environment(html=html, locale=locale, zone=zone).from_string(_limited(text))


def _limited(text: str) -> str:
    if len(text) > MAX_TEMPLATE:
        raise MessageTemplateError(f"The template is longer than {MAX_TEMPLATE} characters.")
    return text


def _joined(parts: Iterable[str]) -> str:
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > MAX_RENDERED:
            raise MessageTemplateError(f"The message is longer than {MAX_RENDERED} characters.")
        kept.append(part)
    return "".join(kept)


def _read(value: object) -> datetime:
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(found, datetime):
        raise TypeError(f"{value!r} is not a moment")
    return found


def _phone(value: object) -> str:
    """As it is written internationally; what is no phone number stays as it is."""
    try:
        number = phonenumbers.parse(str(value))
    except phonenumbers.NumberParseException:
        return str(value)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
