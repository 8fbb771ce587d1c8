"""The outbox, with one-time codes masked wherever somebody could misuse them."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.cases import correspondence
from engine.cases import outbox as messages
from engine.cases.paging import read_key
from engine.errors import InvalidError
from engine.lifecycle import CorrespondenceState
from engine.store import Correspondence
from web import access, installation, sessions
from web.account.navigation import OPERATORS

SIMULATOR = "simulator"  # the carrier of messages that leave no installation

blueprint = Blueprint("operations", __name__, url_prefix="/operations")


@blueprint.get("/outbox")
@access.roles(*OPERATORS)
def outbox() -> ResponseReturnValue:
    """The messages of the installation, newest first."""
    state = _state(request.args.get("state"))
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
    masked = found.row.masked and not _shown_in_demo(found.row)
    body = correspondence.masked(found.row.body) if masked else found.row.body
    return render_template("operations/message.html", message=found, body=body, masked=masked)


def _shown_in_demo(row: Correspondence) -> bool:
    """A demo has no phone to read the code on: its simulated channels show it here."""
    return installation.current().settings.demo and row.carrier == SIMULATOR


def _state(text: str | None) -> CorrespondenceState | None:
    if not text:
        return None
    if text not in set(CorrespondenceState):
        raise InvalidError("There is no such state.")
    return CorrespondenceState(text)
