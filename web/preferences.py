"""A visitor's choice of language and of light or dark, kept in cookies."""

from enum import StrEnum

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from engine.errors import InvalidError
from web import access, i18n, installation, security, targets

THEME_COOKIE = "theme"

blueprint = Blueprint("preferences", __name__)


class Theme(StrEnum):
    AUTO = "auto"  # as the device wishes
    LIGHT = "light"
    DARK = "dark"


def theme() -> str:
    """The chosen theme of this visitor."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in set(Theme) else Theme.AUTO.value


@blueprint.post("/preferences")
@access.public
def choose() -> Response:
    """Remember the theme or language and go back."""
    response = redirect(targets.safe(request.form.get("next"), "/"), 303)
    chosen = {
        THEME_COOKIE: _one_of(request.form.get("theme"), set(Theme)),
        i18n.COOKIE: _one_of(request.form.get("locale"), set(i18n.locales())),
    }
    flags = security.cookie_flags(installation.current().settings)
    for name, value in chosen.items():
        if value is not None:
            response.set_cookie(
                name,
                value,
                max_age=i18n.remember_for(),
                httponly=name != THEME_COOKIE,  # the page's script reads the theme
                samesite="Lax",
                secure=bool(flags["secure"]),
            )
    return response


def _one_of(value: str | None, allowed: set[str]) -> str | None:
    if value is not None and value not in allowed:
        raise InvalidError("There is no such choice.")
    return value
