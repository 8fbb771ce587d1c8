"""One line per request, and the request's number in every line that is written meanwhile.

The line names the route's pattern, never the address: addresses hold request numbers and links.
"""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from engine import logs

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")

log = logging.getLogger(__name__)


def keep(app: Flask, *, behind_proxy: bool) -> None:
    """Number and log every request; a trusted proxy's number is taken over."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "") if behind_proxy else ""
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        logs.REQUEST.set(g.request_id)

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        logs.REQUEST.set(None)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[HEADER] = g.get("request_id", "")
        rule = request.url_rule.rule if request.url_rule else "-"
        log.log(
            logging.DEBUG if request.blueprint == "health" else logging.INFO,
            "request",
            extra={
                "method": request.method,
                "route": rule,
                "status": response.status_code,
                "milliseconds": round(1000 * (time.perf_counter() - g.get("began", 0.0))),
            },
        )
        return response
