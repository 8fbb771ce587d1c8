"""Incidents: what stands still, why, and the ways to move it on."""

import json
from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases.paging import read_key
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.execution import interventions, jobs, overview
from engine.execution.interventions import Held
from engine.lifecycle import IncidentState
from engine.store import Incident, Job, ProcessInstance, ServiceRequest
from web import access, sessions
from web.account.navigation import OPERATORS
from web.operations import filters
from web.operations.blueprint import blueprint

MAX_OUTPUT = 20_000  # characters


@blueprint.get("/incidents")
@access.roles(*OPERATORS)
def incidents() -> ResponseReturnValue:
    """Open incidents, or resolved ones."""
    state = filters.state(IncidentState) or IncidentState.OPEN
    after = read_key(request.args.get("after"))
    found = overview.incidents(sessions.reading(), state=state, after=after)
    states = list(IncidentState)
    return render_template("operations/incidents.html", page=found, state=state, states=states)


@blueprint.get("/incidents/<uuid:incident_id>")
@access.roles(*OPERATORS)
def incident(incident_id: UUID) -> ResponseReturnValue:
    """What happened, and what can be done."""
    return _page(incident_id)


@blueprint.post("/incidents/<uuid:incident_id>/retry")
@access.roles(*OPERATORS)
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Let the failed job run again with all its tries."""
    with sessions.writing() as session:
        jobs.retry(session, incident_id, **_why())
    return _done(_("The job runs again within seconds."))


@blueprint.post("/incidents/<uuid:incident_id>/skip")
@access.roles(*OPERATORS)
def skip(incident_id: UUID) -> ResponseReturnValue:
    """Let the case go on as if the job had given nothing."""
    with sessions.writing() as session:
        interventions.finish_job(session, incident_id, {}, **_why())
    return _done(_("The job is skipped; the case goes on."))


@blueprint.post("/incidents/<uuid:incident_id>/complete")
@access.roles(*OPERATORS)
def complete(incident_id: UUID) -> ResponseReturnValue:
    """Complete the job by hand with what it would have given."""
    try:
        output = _output()
    except InvalidError as error:
        return _page(incident_id, str(error)), 422
    with sessions.writing() as session:
        interventions.finish_job(session, incident_id, output, **_why())
    return _done(_("The job is completed by hand; the case goes on."))


@blueprint.post("/incidents/<uuid:incident_id>/again")
@access.roles(*OPERATORS)
def try_again(incident_id: UUID) -> ResponseReturnValue:
    """Take the stopped step once more, with corrected values if some are given."""
    try:
        output = _output() if request.form.get("output", "").strip() else None
    except InvalidError as error:
        return _page(incident_id, str(error)), 422
    with sessions.writing() as session:
        goes_on = interventions.try_again(session, incident_id, output, **_why())
    if goes_on:
        return _done(_("The case goes on."))
    flash(_("The step failed again; there is a new incident."), "danger")
    return redirect(url_for("operations.incidents"), 303)


def _page(incident_id: UUID, problem: str = "") -> str:
    session = sessions.reading()
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFoundError
    instance = session.get_one(ProcessInstance, found.process_instance_id)
    owner = instance.service_request_id
    job = session.get(Job, found.job_id) if found.job_id else None
    held = _held(found)
    typed = request.form.get("output")
    brought = held.output if held is not None else {}
    return render_template(
        "operations/incident.html",
        incident=found,
        instance=instance,
        number=session.get_one(ServiceRequest, owner).number if owner else None,
        job=job,
        held=held,
        output=typed if typed is not None else _as_text(brought),
        note=request.form.get("note", ""),
        problem=problem,
        most=interventions.MAX_NOTE,
    )


def _held(incident: Incident) -> Held | None:
    """What the stopped step had been given, where it can be tried again."""
    if incident.state is not IncidentState.OPEN or incident.job_id is not None:
        return None
    try:
        with sessions.writing() as session:
            return interventions.held_by(session, incident.id)
    except ConflictError:
        return None


def _why() -> dict[str, str]:
    note = request.form.get("note", "").strip()
    if not note:
        raise InvalidError("Give the reason: whoever looks at the history wants to know why.")
    return {"by": access.signed_in().name, "note": note[: interventions.MAX_NOTE]}


def _output() -> Mapping[str, object]:
    """The JSON object that was typed. Raises InvalidError."""
    text = request.form.get("output", "")
    if len(text) > MAX_OUTPUT:
        raise InvalidError(_("This is too long: write at most %(limit)s characters.", limit=20000))
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise InvalidError(_("This is not JSON. Write an object such as {}.")) from error
    if not isinstance(read, dict):
        raise InvalidError(_("This is not JSON. Write an object such as {}."))
    return read


def _as_text(values: Mapping[str, object] | None) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False, indent=2)


def _done(text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("operations.incidents"), 303)
