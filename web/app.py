"""The composition of the web application: protections first, then the pages."""

import logging
import re
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined
from whitenoise import WhiteNoise

from engine.settings import Settings
from engine.store import Sessions
from tasks.documents import intake
from web import (
    access,
    account,
    assets,
    brand,
    errors,
    i18n,
    inbox,
    installation,
    operations,
    outgoing,
    portal,
    preferences,
    request_log,
    security,
    verify,
    wording,
)
from web import sessions as database
from web.operations import health, metrics

if TYPE_CHECKING:  # signing is slow to import, and not every process signs
    from tasks.documents.keys import KeyStore

STATIC = Path(__file__).parent / "static"
PARTS = (
    portal.blueprint,
    account.blueprint,
    inbox.blueprint,
    operations.blueprint,
    health.blueprint,
    preferences.blueprint,
    verify.blueprint,
)
_HASHED = re.compile(r"-[\w-]{8}\.[a-z0-9.]+$")

log = logging.getLogger(__name__)


class Application(Flask):
    """Flask with templates that refuse unknown names, and a log without addresses."""

    jinja_options: dict[str, object] = {  # noqa: RUF012 -- Flask's own attribute
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log a fault; the request's line has the route."""
        log.error("unexpected_error", exc_info=exc_info)


def create_app(
    settings: Settings, sessions: Sessions, keystore: "KeyStore | None" = None
) -> Flask:
    """The WSGI application of one installation."""
    app = Application("web", static_folder=None)
    installation.install(app, installation.Installation(settings, sessions, keystore))
    request_log.keep(app, behind_proxy=settings.trusted_proxies > 0)
    metrics.count_requests(app)
    security.protect(app, settings)
    i18n.translate(app, str(settings.provider_timezone))
    errors.register(app)
    database.close_with_request(app)
    brand.show(app, settings)
    intake.bound(settings.upload_cleaners)
    _give_templates(app)
    for part in PARTS:
        app.register_blueprint(part)
    access.guard(app)
    _serve_static_files(app)
    return app


def _give_templates(app: Flask) -> None:
    """The names every template knows."""
    app.jinja_env.globals.update(
        icon=assets.icon,
        bundle=assets.bundle,
        account=access.account,
        theme=preferences.theme,
    )
    app.jinja_env.filters.update(word=wording.word, spoken=wording.spoken, readable=outgoing.text)


def _serve_static_files(app: Flask) -> None:
    files = WhiteNoise(
        app.wsgi_app,
        prefix="static/",
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        add_headers_function=_protect_static,
    )
    if STATIC.is_dir():
        files.add_files(str(STATIC), prefix="static/")
    app.wsgi_app = files  # type: ignore[method-assign]  # Flask's documented way


def _protect_static(headers: MutableMapping[str, str], _path: str, _url: str) -> None:
    for name, value in security.HEADERS.items():
        headers[name] = value
