"""Whether this process is up, and whether it can serve: for load balancers and monitors.

Nothing is said that helps an attacker: a part is `ok` or it is not, the log has the reason.
"""

import logging
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from engine.store import migrations
from tasks import dispatch
from web import access, installation

LOST = timedelta(minutes=2)  # without a beat: far longer than a pass may take

log = logging.getLogger(__name__)

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access.public
def up() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access.public
def ready() -> ResponseReturnValue:
    """All parts that a request needs; 503 while one of them is not ready."""
    parts = _parts()
    good = all(parts.values())
    body = {"status": "ok" if good else "unavailable"}
    body |= {name: "ok" if state else "unavailable" for name, state in parts.items()}
    return jsonify(body), 200 if good else 503


def _parts() -> dict[str, bool]:
    sessions = installation.current().sessions
    try:
        with sessions() as session:
            session.execute(text("select 1"))
            current = migrations.is_current(session.connection())
            age = dispatch.scheduler_age(session)
    except SQLAlchemyError as error:
        log.warning("not_ready", exc_info=error)
        return {"database": False}
    return {
        "database": True,
        "migrations": current,
        "broker": dispatch.broker_is_up(),
        "scheduler": age is not None and age < LOST,
    }
