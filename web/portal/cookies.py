"""Customers' cookies: each holds a token that opens one draft or one request, for one purpose.

Scripts cannot read them, other sites cannot make the browser send them with a post, and each is
sent only below the path it belongs to.
"""

from datetime import timedelta

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from engine.cases.links import Purpose
from web import installation, security


def read(purpose: Purpose) -> str:
    """The token this browser holds, empty if none."""
    return request.cookies.get(purpose.value, "")


def keep(
    response: AnyResponse, purpose: Purpose, token: str, lifetime: timedelta, path: str = "/"
) -> None:
    """Let the browser hold the token below `path` for `lifetime`."""
    flags = security.cookie_flags(installation.current().settings)
    response.set_cookie(
        purpose.value,
        token,
        max_age=lifetime,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=bool(flags["secure"]),
    )


def drop(response: AnyResponse, purpose: Purpose, path: str = "/") -> None:
    """Let the browser forget the token."""
    response.delete_cookie(purpose.value, path=path)
