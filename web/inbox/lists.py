"""Lists of work: what I have taken, what waits in my groups' queues, one request by its number."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine.cases import service_requests, worklist
from engine.cases.paging import Page, read_key
from engine.definitions import request_types
from engine.errors import NotFoundError
from web import access, i18n, sessions
from web.inbox.blueprint import READERS, WORKERS, blueprint


@blueprint.get("")
@access.roles(*WORKERS)
def mine() -> ResponseReturnValue:
    """What I have taken, the most urgent first."""
    session, account = sessions.reading(), access.signed_in()
    cards = worklist.mine(session, account, after=read_key(request.args.get("after")))
    return _list(session, None, cards)


@blueprint.get("/queues/<group>")
@access.roles(*WORKERS)
def queue(group: str) -> ResponseReturnValue:
    """What waits in one of my groups' queues."""
    session, account = sessions.reading(), access.signed_in()
    if group not in account.groups:
        raise NotFoundError("You have no such queue. Yours stand on the page of your tasks.")
    cards = worklist.queue(session, group, after=read_key(request.args.get("after")))
    return _list(session, group, cards)


@blueprint.get("/search")
@access.roles(*READERS)
def search() -> ResponseReturnValue:
    """Go to the request with a number; however it was typed."""
    typed = request.args.get("number", "").strip()
    found = service_requests.by_number(sessions.reading(), typed) if typed else None
    if found is not None:
        return redirect(url_for("inbox.case", number=found.number), 303)
    return render_template("inbox/search.html", typed=typed)


def _list(session: Session, group: str | None, cards: Page[worklist.Card]) -> str:
    return render_template(
        "inbox/list.html",
        queues=worklist.queues(session, access.signed_in()),
        group=group,
        page=cards,
        titles=_titles(session, cards),
    )


def _titles(session: Session, cards: Page[worklist.Card]) -> dict[object, str]:
    """The name of each card's request type, by version."""
    versions = {card.version_id for card in cards.rows if card.version_id is not None}
    return {
        version: request_types.get(session, version).name(i18n.current()) for version in versions
    }
