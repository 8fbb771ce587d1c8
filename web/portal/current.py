"""The draft this browser holds the cookie of; no other can be reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.errors import NotFoundError
from engine.lifecycle import DraftState
from engine.store import Draft
from web import sessions
from web.portal import cookies
from web.portal.blueprint import blueprint


class NoDraftError(NotFoundError):
    """No application is open in this browser."""


def draft() -> Draft:
    """The open draft of this browser, for looking.

    Raises NoDraftError, DraftClosedError when it was sent already.
    """
    return _open(sessions.reading())


@contextmanager
def editing() -> Iterator[tuple[Session, Draft]]:
    """The open draft of this browser, for changing, in a transaction of its own."""
    with sessions.writing() as session:
        yield session, _open(session)


def sent() -> Draft:
    """The submitted draft of this browser; raises NoDraftError."""
    found = of(sessions.reading())
    if found is None or found.state is not DraftState.SUBMITTED:
        raise NoDraftError
    return found


def of(session: Session) -> Draft | None:
    """The draft of this browser, whatever its state."""
    token = cookies.read(Purpose.DRAFT)
    return drafts.by_token(session, token) if token else None


def request_type(draft: Draft) -> RequestType:
    """The version of the request type that the draft began with."""
    return request_types.get(sessions.reading(), draft.request_type_version_id)


def locale(request_type: RequestType) -> str:
    """The page's language if the request type has it, else the type's first one."""
    wanted = str(get_locale())
    return wanted if wanted in request_type.locales else request_type.locales[0]


def _open(session: Session) -> Draft:
    found = of(session)
    if found is None:
        raise NoDraftError
    if found.state is not DraftState.OPEN:
        raise drafts.DraftClosedError
    return found


@blueprint.errorhandler(NoDraftError)
def _none_open(_error: NoDraftError) -> ResponseReturnValue:
    return render_template("portal/no_draft.html"), 404


@blueprint.errorhandler(drafts.DraftClosedError)
def _sent_already(error: drafts.DraftClosedError) -> ResponseReturnValue:
    """Lead a double click or the back button to the receipt."""
    sessions.reading().expire_all()  # it was looked at before the first click was done
    found = of(sessions.reading())
    if found is None or found.state is not DraftState.SUBMITTED:
        return _none_open(cast("NoDraftError", error))
    target = url_for("portal.receipt")
    if request.headers.get("HX-Request"):
        return "", 204, {"HX-Redirect": target}
    return redirect(target, 303)
