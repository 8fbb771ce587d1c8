"""The only map from what went wrong to an HTTP answer, and the pages that help.

A page says what happened, whether anything was lost, and what to do next. Nothing of the
inside is shown: the number of the request is what support needs to find it in the log.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, make_response, render_template, request, session
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    BusyError,
    ConflictError,
    EngineError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
)
from web import access

STATUS: Mapping[type[EngineError], int] = {
    NotFoundError: 404,
    ConflictError: 409,
    NotAllowedError: 403,
    InvalidError: 422,
    BusyError: 503,
}
PAGES: Mapping[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("We could not read that"),
        _l(
            "The page sent something we do not understand. Go back, reload the page and try again."
        ),
    ),
    403: (
        _l("This page is not for your account"),
        _l("If you think it should be, ask your administrator to give your account the role."),
    ),
    404: (
        _l("There is nothing here"),
        _l("The address may be mistyped, or what was here is gone. Check it or start anew."),
    ),
    405: (
        _l("That does not work this way"),
        _l("Go back to the page you came from and use its buttons."),
    ),
    409: (
        _l("This is not possible as things stand now"),
        _l("It changed while you were looking at it. Load it again to see how it stands now."),
    ),
    413: (
        _l("The file is too large"),
        _l("Choose a smaller file, or take the photo again with a lower resolution."),
    ),
    422: (
        _l("Something is missing or not right"),
        _l("Go back, correct what is named here and send it again."),
    ),
    429: (
        _l("Too many tries"),
        _l("For your safety we wait a little. Try again in a few minutes."),
    ),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing you entered before is lost. Try again in a minute; if it stays, tell us."),
    ),
    503: (
        _l("We are not available right now"),
        _l("Nothing you entered before is lost. Try again in a minute."),
    ),
}
EXPIRED = _l(
    "The page was open for too long, or your browser blocks cookies. "
    "Go back, reload the page and send it again."
)

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer every error of `app` with a page that helps."""
    app.register_error_handler(EngineError, _refused)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(DataError, _unstorable)


def status_of(error: EngineError) -> int:
    """The HTTP status of an engine's refusal."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def page(status: int, message: str | None = None) -> Response:
    """The error page of `status`; `message` replaces the general advice."""
    shown = (
        status if status in PAGES else (400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    )
    title, advice = PAGES[shown]
    if _wants_json():
        body = {"type": "about:blank", "title": str(title), "status": status}
        return make_response(jsonify({**body, "detail": str(message or advice)}), status)
    html = render_template(
        "errors/page.html",
        status=status,
        title=title,
        message=message,
        advice=advice,
        reference=g.get("request_id", ""),
        signed_in=access.TOKEN in session,  # asks no database: it may be what failed
    )
    response = make_response(html, status)
    if request.headers.get("HX-Request"):  # a fragment was asked for: show the page instead
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _refused(error: EngineError) -> Response:
    status = status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("engine_error", extra={"code": error.code}, exc_info=error)
        return page(500)
    return page(status, str(error))


def _expired(_error: CSRFError) -> Response:
    return page(400, str(EXPIRED))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    response = page(error.code)
    for name, value in error.get_response().headers:
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _unavailable(error: OperationalError) -> Response:
    log.error("database_unavailable", exc_info=error)
    return page(503)


def _unstorable(error: DataError) -> Response:
    """No text of a person has what the database cannot keep, such as a NUL."""
    log.warning("unstorable_input", exc_info=error)
    return page(400)


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"
