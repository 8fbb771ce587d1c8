"""Languages and moments: what a page says is chosen per visitor, moments are the provider's.

The language is the visitor's choice (a cookie), else the browser's wish, else the setting.
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, request
from flask_babel import Babel, get_locale, gettext

from engine import clock
from engine.cases import writing
from engine.cases.numbers import display
from web import installation

COOKIE = "locale"
TRANSLATIONS = Path(__file__).parent / "translations"
SOON = timedelta(hours=4)  # before a due moment; as in countdown.js
SOURCE = "en"  # the language the texts are written in

babel = Babel()


def translate(app: Flask, timezone: str) -> None:
    """Install translations and the filters that write moments."""
    babel.init_app(
        app,
        default_timezone=timezone,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=_choose,
    )
    app.jinja_env.filters.update(
        moment=moment,
        due_state=due_state,
        day=day,
        distance=distance,
        size=size,
        request_number=display,
    )
    app.jinja_env.globals.update(locale=current, languages=languages)


@cache
def locales() -> tuple[str, ...]:
    """The languages there are translations for, the source's first."""
    found = (folder.name for folder in TRANSLATIONS.glob("*") if folder.is_dir())
    return (SOURCE, *sorted(set(found) - {SOURCE}))


def languages() -> list[tuple[str, str]]:
    """Each language's code with the name it gives itself."""
    return [(code, (Locale.parse(code).get_display_name() or code).title()) for code in locales()]


def moment(value: datetime) -> str:
    """Day and time in the provider's zone: `Sun 22 Nov 2026, 14:05`."""
    return writing.moment(value, current(), zone())


def day(value: datetime) -> str:
    """The day in the provider's zone: `22 November 2026`."""
    return writing.day(value, current(), zone())


def distance(value: datetime) -> str:
    """How far a moment is from now, in words: `in 2 days`, `3 hours ago`."""
    return writing.distance(value - clock.now(), current())


def duration(length: timedelta) -> str:
    """A length of time in words: `5 days`."""
    return writing.duration(length, current())


def answer(kind: str, value: object) -> str:
    """An answer of a form, as `forms.answers` asks for it."""
    return writing.answer(kind, value, current(), zone())


def zone() -> ZoneInfo:
    """The provider's time zone, which all moments are told in."""
    return installation.current().settings.provider_timezone


def due_state(value: datetime) -> str:
    """Whether a due moment is `late`, `soon` or still far; the page's script counts on."""
    left = value - clock.now()
    if left < timedelta():
        return "late"
    return "soon" if left < SOON else "calm"


def size(count: int) -> str:
    """A number of bytes for people."""
    if count < 1024 * 1024:
        return str(gettext("%(count)s kB", count=max(1, round(count / 1024))))
    return str(gettext("%(count)s MB", count=f"{count / 1024 / 1024:.1f}"))


def remember_for() -> timedelta:
    """How long a browser keeps the choice."""
    return timedelta(days=365)


def _choose() -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in locales():
        return str(chosen)
    default = installation.current().settings.default_locale
    offered = [default, *locales()] if default in locales() else list(locales())
    return request.accept_languages.best_match(offered) or offered[0]


def current() -> str:
    """The code of the language of this request."""
    return str(get_locale() or SOURCE)
