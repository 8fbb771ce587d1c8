"""Is it right now? The customer's yes or no to what was done, from the link in the message.

Who says no has the work go on under the same number. An answer that comes too late, or twice,
changes nothing.
"""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases import history, links, locks
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.execution import messages
from engine.store import ServiceRequest
from web import access, sessions
from web.portal import current
from web.portal.blueprint import blueprint
from web.security import limiter

MESSAGE = "satisfaction_stated"  # what the diagram waits for
COMMENT_LENGTH = 2000  # characters
ANSWERS = ("yes", "no")


@blueprint.get("/confirm/<token>")
@access.customer
@limiter.limit("30/minute")
def ask_whether_right(token: str) -> ResponseReturnValue:
    """The question; opening it changes nothing."""
    asked = _request(token)
    if asked is None:
        return render_template("portal/no_link.html"), 404
    return _page(asked)


@blueprint.post("/confirm/<token>")
@access.customer
@limiter.limit("10/minute")
def state_whether_right(token: str) -> ResponseReturnValue:
    """Hand the answer to the case that waits for it."""
    asked = _request(token)
    if asked is None:
        return render_template("portal/no_link.html"), 404
    answer = request.form.get("answer", "")
    comment = request.form.get("comment", "").strip().replace("\r\n", "\n")
    problems = _problems(answer, comment)
    if problems:
        return _page(asked, problems, comment, answer), 422
    satisfied = answer == "yes"
    with sessions.writing() as session:
        locks.hold(session, "satisfaction", str(asked.id))  # of two at once, one finds it answered
        if messages.is_awaited(session, MESSAGE, asked.number):
            history.record(
                session,
                "satisfaction.stated",
                actor=history.CUSTOMER,
                request_id=asked.id,
                answer=answer,
                comment=comment,
            )
            payload = {"satisfied": satisfied, "comment": comment}
            messages.publish(session, MESSAGE, asked.number, payload)
    return render_template("portal/confirmed.html", satisfied=satisfied, number=asked.number)


def _request(token: str) -> ServiceRequest | None:
    """The request of this link."""
    opened: UUID | None = links.redeem(sessions.reading(), Purpose.CONFIRM, token)
    return sessions.reading().get(ServiceRequest, opened) if opened else None


def _problems(answer: str, comment: str) -> dict[str, str]:
    problems = {}
    if answer not in ANSWERS:
        problems["answer"] = str(_("Choose an answer."))
    if answer == "no" and not comment:
        problems["comment"] = str(_("Tell us what is still wrong, so that we can put it right."))
    if len(comment) > COMMENT_LENGTH:
        text = _("Write at most %(limit)s characters.", limit=COMMENT_LENGTH)
        problems["comment"] = str(text)
    return problems


def _page(
    asked: ServiceRequest,
    problems: dict[str, str] | None = None,
    comment: str = "",
    answer: str = "",
) -> str:
    reading = sessions.reading()
    request_type = request_types.get(reading, asked.request_type_version_id)
    return render_template(
        "portal/confirm.html",
        number=asked.number,
        service=request_type.name(current.locale(request_type)),
        open=messages.is_awaited(reading, MESSAGE, asked.number),
        problems=problems or {},
        comment=comment,
        answer=answer,
        most=COMMENT_LENGTH,
    )
