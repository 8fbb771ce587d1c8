"""Choosing a service, reading what it needs, and beginning."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.cases import drafts
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.errors import NotFoundError
from engine.lifecycle import DraftState
from engine.store import Draft, ServiceRequest
from web import access, sessions
from web.portal import cookies, current, steps, wording
from web.portal.blueprint import blueprint
from web.security import limiter


@blueprint.get("/")
@access.public
def services() -> ResponseReturnValue:
    """What can be asked for here."""
    known = request_types.current(sessions.reading())
    draft = _unfinished()
    return render_template(
        "portal/services.html",
        services=[wording.service(request_type) for request_type in known],
        draft=draft,
        draft_service=wording.service(current.request_type(draft)) if draft else None,
    )


@blueprint.get("/apply/<key>")
@access.public
def service(key: str) -> ResponseReturnValue:
    """What a service needs and promises, before anybody types anything."""
    request_type = request_types.latest(sessions.reading(), key)
    return render_template(
        "portal/service.html",
        service=wording.service(request_type),
        items=wording.items(request_type),
        draft=_unfinished(),
    )


@blueprint.post("/apply/<key>")
@access.public
@limiter.limit("10/minute; 60/hour")
def begin(key: str) -> ResponseReturnValue:
    """Begin an application; the browser then holds its cookie."""
    return begin_draft(key)


def begin_draft(key: str, about: ServiceRequest | None = None) -> ResponseReturnValue:
    """Begin an application, about a request if one is given, and give the browser its cookie."""
    with sessions.writing() as session:
        request_type = request_types.latest(session, key)
        if about is not None and not request_type.is_about_requests:
            raise NotFoundError
        locale = current.locale(request_type)
        _draft, token = drafts.begin(session, request_type, locale, about=about)
    response = redirect(url_for("portal.form"), 303)
    cookies.keep(response, Purpose.DRAFT, token, drafts.LIFETIME)
    return response


def about(session: Session, request: ServiceRequest) -> list[wording.Service]:
    """What can be asked for about this request, which is none of these itself."""
    if request_types.get(session, request.request_type_version_id).is_about_requests:
        return []
    offered = request_types.current(session)
    return [wording.service(each) for each in offered if each.is_about_requests]


@blueprint.get("/draft")
@access.customer
def go_on() -> ResponseReturnValue:
    """To the first step that is not done."""
    return steps.resume(current.draft())


def _unfinished() -> Draft | None:
    """An application begun in this browser and not sent."""
    found = current.of(sessions.reading())
    return found if found is not None and found.state is DraftState.OPEN else None
