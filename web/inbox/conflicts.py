"""What to say when somebody else was faster: who, and what can be done now."""

from uuid import UUID

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from engine.cases import worklist
from engine.errors import ConflictError
from web import access, errors, sessions
from web.inbox.blueprint import blueprint


@blueprint.errorhandler(ConflictError)
def faster(error: ConflictError) -> ResponseReturnValue:
    """The page of a conflict about a task names who has it; others get the general page."""
    task = error.facts.get("task")
    if not isinstance(task, str):
        return errors.page(409, str(error))
    opened = worklist.task(sessions.reading(), UUID(task))
    html = render_template(
        "inbox/conflict.html",
        message=str(error),
        task=opened.row,
        holder=opened.holder,
        request_row=opened.request,
        me=access.signed_in(),
    )
    return _whole_page(make_response(html, 409))


def _whole_page(response: Response) -> Response:
    response.headers["HX-Retarget"] = "body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response
