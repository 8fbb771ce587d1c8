"""The database in a request: one read-only session for looking, a transaction for changing.

A GET cannot change anything by accident; whatever changes something opens
`writing()`, which commits at the end of its block and then sends the hints for new jobs.
"""

from contextlib import AbstractContextManager

from flask import Flask, g
from sqlalchemy.orm import Session

from tasks import dispatch
from web import installation


def reading() -> Session:
    """The request's read-only session, opened when first asked for."""
    if "reading" not in g:
        session = installation.current().sessions()
        session.connection(execution_options={"postgresql_readonly": True})
        g.reading = session
    opened: Session = g.reading
    return opened


def let_go() -> None:
    """End the reading session before work that takes long; what was read stays readable."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()


def writing() -> AbstractContextManager[Session]:
    """One transaction; commits at the end of the block, rolls back on any error."""
    return dispatch.transaction(installation.current().sessions)


def close_with_request(app: Flask) -> None:
    """Close the reading session when the request is over."""

    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        let_go()
