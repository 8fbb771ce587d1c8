"""The page of one request, to read."""

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.cases import dossier, service_requests
from engine.errors import NotFoundError
from web import access, i18n, sessions
from web.inbox import case_views
from web.inbox.blueprint import READERS, blueprint


@blueprint.get("/requests/<number>")
@access.roles(*READERS)
def case(number: str) -> ResponseReturnValue:
    """Answers, documents, messages, history, tasks and the diagram of a request."""
    session = sessions.reading()
    request = service_requests.by_number(session, number)
    if request is None:
        raise NotFoundError("There is no request with this number. Check it and search again.")
    found = dossier.of_request(session, request)
    return render_template("inbox/case.html", case=case_views.of(found, i18n.current()))
