"""The outbox, with codes and links masked wherever somebody could misuse them."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases import correspondence
from engine.cases import outbox as messages
from engine.cases.paging import read_key
from engine.lifecycle import CorrespondenceState
from web import access, outgoing, sessions
from web.account.navigation import OPERATORS
from web.operations import filters
from web.operations.blueprint import blueprint


@blueprint.get("/outbox")
@access.roles(*OPERATORS)
def outbox() -> ResponseReturnValue:
    """The messages of the installation, newest first."""
    state = filters.state(CorrespondenceState)
    found = messages.entries(
        sessions.reading(), state=state, after=read_key(request.args.get("after"))
    )
    return render_template(
        "operations/outbox.html", page=found, state=state, states=list(CorrespondenceState)
    )


@blueprint.get("/outbox/<uuid:message_id>")
@access.roles(*OPERATORS)
def message(message_id: UUID) -> ResponseReturnValue:
    """One message as it was written."""
    found = messages.message(sessions.reading(), message_id)
    masked = found.row.masked and not outgoing.is_open(found.row)
    return render_template("operations/message.html", message=found, masked=masked)


@blueprint.post("/outbox/<uuid:message_id>/again")
@access.roles(*OPERATORS)
def send_again(message_id: UUID) -> ResponseReturnValue:
    """Queue a failed message anew; the history of its case tells who did."""
    with sessions.writing() as session:
        correspondence.send_again(session, message_id, by=access.signed_in().name)
    flash(_("The message is queued again."))
    return redirect(url_for("operations.message", message_id=message_id), 303)
