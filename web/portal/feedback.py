"""Feedback on a finished request, once, from the link in its message."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engine.cases import feedback, links, numbers
from engine.cases.links import Purpose
from engine.store import Customer, ServiceRequest
from web import access, sessions
from web.portal import catalogue
from web.portal.blueprint import blueprint
from web.security import limiter

RATINGS: dict[int, LazyString] = {
    5: _l("Very good"),
    4: _l("Good"),
    3: _l("Neither good nor bad"),
    2: _l("Poor"),
    1: _l("Very poor"),
}


@blueprint.get("/feedback/<token>")
@access.customer
@limiter.limit("30/minute")
def rate(token: str) -> ResponseReturnValue:
    """The form; opening it changes nothing."""
    rated = _request(links.redeem(sessions.reading(), Purpose.FEEDBACK, token))
    if rated is None:
        return render_template("portal/no_link.html"), 404
    if feedback.of(sessions.reading(), rated) is not None:
        return redirect(url_for("portal.thanks"), 303)
    return _page(rated, token)


@blueprint.post("/feedback/<token>")
@access.customer
@limiter.limit("10/minute")
def give(token: str) -> ResponseReturnValue:
    """Keep what was said; a second time changes nothing."""
    rated = _request(links.redeem(sessions.reading(), Purpose.FEEDBACK, token))
    if rated is None:
        return render_template("portal/no_link.html"), 404
    rating = request.form.get("rating", "")
    comment = request.form.get("comment", "").strip().replace("\r\n", "\n")
    problems = {
        "rating": rating not in {str(known) for known in RATINGS},
        "comment": len(comment) > feedback.COMMENT_LENGTH,
    }
    if any(problems.values()):
        return _page(rated, token, problems, comment), 422
    try:
        with sessions.writing() as session:
            feedback.give(session, rated, int(rating), comment)
    except feedback.AlreadyGivenError:
        pass  # the thanks are the same, and so is what was said the first time
    return redirect(url_for("portal.thanks"), 303)


@blueprint.post("/feedback/<token>/about/<key>")
@access.customer
@limiter.limit("10/minute")
def begin_from_feedback(token: str, key: str) -> ResponseReturnValue:
    """Through another door: an application about the request, such as a complaint."""
    rated = _request(links.redeem(sessions.reading(), Purpose.FEEDBACK, token))
    if rated is None:
        return render_template("portal/no_link.html"), 404
    return catalogue.begin_draft(key, about=rated)


@blueprint.get("/feedback/thanks")
@access.public
def thanks() -> str:
    """Thank you."""
    return render_template("portal/thanks.html")


def _request(request_id: UUID | None) -> ServiceRequest | None:
    return sessions.reading().get(ServiceRequest, request_id) if request_id else None


def _page(
    rated: ServiceRequest,
    token: str,
    problems: dict[str, bool] | None = None,
    comment: str = "",
) -> str:
    customer = sessions.reading().get_one(Customer, rated.customer_id)
    return render_template(
        "portal/feedback.html",
        number=rated.number,
        token=token,
        doors=catalogue.about(sessions.reading(), rated),
        cin=numbers.display(customer.cin),
        ratings=RATINGS,
        problems=problems or {"rating": False, "comment": False},
        comment=comment,
        comment_length=feedback.COMMENT_LENGTH,
    )
