"""Lists of what machines do: jobs by state, and timers to come."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.cases.paging import read_key
from engine.execution import overview
from engine.lifecycle import JobState
from web import access, sessions
from web.account.navigation import OPERATORS
from web.operations import filters
from web.operations.blueprint import blueprint


@blueprint.get("/jobs")
@access.roles(*OPERATORS)
def jobs() -> ResponseReturnValue:
    """Jobs in one state."""
    state = filters.state(JobState) or JobState.FAILED
    after = read_key(request.args.get("after"))
    found = overview.jobs(sessions.reading(), state=state, after=after)
    states = list(JobState)
    return render_template("operations/jobs.html", page=found, state=state, states=states)


@blueprint.get("/timers")
@access.roles(*OPERATORS)
def timers() -> ResponseReturnValue:
    """Timers that have not fired yet, the late ones first."""
    after = read_key(request.args.get("after"))
    found = overview.timers(sessions.reading(), after=after)
    return render_template("operations/timers.html", page=found)
