"""The first page of operations: how many of what want attention."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from engine.execution import overview
from web import access, sessions
from web.account.navigation import OPERATORS
from web.operations.blueprint import blueprint

CALM = frozenset({"active"})  # a number of these is no reason to look
PLACES: Mapping[str, tuple[LazyString, str, str | None]] = {
    "incidents": (_l("Incidents"), "operations.incidents", None),
    "suspended": (_l("Cases standing still"), "operations.instances", "suspended"),
    "jobs_failed": (_l("Jobs failed"), "operations.jobs", "failed"),
    "jobs_retrying": (_l("Jobs to be tried again"), "operations.jobs", "retryable"),
    "jobs_late": (_l("Jobs late"), "operations.jobs", "available"),
    "timers_late": (_l("Timers late"), "operations.timers", None),
    "messages_failed": (_l("Messages failed"), "operations.outbox", "failed"),
    "active": (_l("Cases running"), "operations.instances", "active"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to its list."""

    name: LazyString
    value: int
    address: str
    attention: bool


@blueprint.get("")
@access.roles(*OPERATORS)
def home() -> ResponseReturnValue:
    """The numbers."""
    counted = overview.counts(sessions.reading())
    figures = [
        Figure(
            name, counted[key], url_for(page, state=state), counted[key] > 0 and key not in CALM
        )
        for key, (name, page, state) in PLACES.items()
    ]
    return render_template("operations/home.html", figures=figures)
