"""Cases as they run: where each stands on its diagram, what it waits for, and the brakes."""

import json
from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine import runtime
from engine.cases import history, numbers
from engine.cases.paging import read_key
from engine.definitions import request_types
from engine.errors import NotFoundError
from engine.execution import interventions, overview
from engine.lifecycle import InstanceState, RequestStatus
from engine.people.roles import Role
from engine.store import ProcessInstance, ServiceRequest
from web import access, sessions
from web.account.navigation import OPERATORS
from web.operations import case_view, filters
from web.operations.blueprint import blueprint


@blueprint.get("/cases")
@access.roles(*OPERATORS)
def instances() -> ResponseReturnValue:
    """Cases by state, request type and number."""
    state = filters.state(InstanceState)
    typed = request.args.get("number", "").strip()
    key = request.args.get("type", "")
    session = sessions.reading()
    found = overview.instances(
        session,
        state=state,
        request_type=key,
        number=(numbers.normalise(typed) or typed[:20]) if typed else "",
        after=read_key(request.args.get("after")),
    )
    return render_template(
        "operations/cases.html",
        page=found,
        state=state,
        states=list(InstanceState),
        key=key,
        keys=[each.key for each in request_types.current(session)],
        typed=typed,
    )


@blueprint.get("/cases/<uuid:instance_id>")
@access.roles(*OPERATORS)
def instance(instance_id: UUID) -> ResponseReturnValue:
    """Diagram, waits and variables, these without their values."""
    return _page(instance_id)


@blueprint.post("/cases/<uuid:instance_id>/variables")
@access.roles(Role.ADMIN)
def variables(instance_id: UUID) -> ResponseReturnValue:
    """The values of the variables; that somebody looked is written to the history."""
    with sessions.writing() as session:
        row = _row(session.get(ProcessInstance, instance_id))
        history.record(
            session,
            "variables.read",
            actor=access.signed_in().name,
            request_id=row.service_request_id,
            instance_id=row.id,
        )
    return _page(instance_id, open_values=True)


@blueprint.post("/cases/<uuid:instance_id>/suspend")
@access.roles(*OPERATORS)
def suspend(instance_id: UUID) -> ResponseReturnValue:
    """Let nothing of the case go on."""
    with sessions.writing() as session:
        interventions.suspend(session, instance_id, **_why())
    return _done(instance_id, _("The case stands still until it is resumed."))


@blueprint.post("/cases/<uuid:instance_id>/resume")
@access.roles(*OPERATORS)
def resume(instance_id: UUID) -> ResponseReturnValue:
    """Let the case go on."""
    with sessions.writing() as session:
        interventions.resume(session, instance_id, **_why())
    return _done(instance_id, _("The case goes on; what fell due meanwhile follows."))


@blueprint.post("/cases/<uuid:instance_id>/cancel")
@access.roles(*OPERATORS)
def cancel(instance_id: UUID) -> ResponseReturnValue:
    """End the case here."""
    end = request.form.get("end", "")
    known = end in {status.value for status in RequestStatus}
    with sessions.writing() as session:
        interventions.cancel(
            session,
            instance_id,
            end=RequestStatus(end) if known else RequestStatus.CLOSED,
            **_why(),
        )
    return _done(instance_id, _("The case is cancelled; its work is taken back."))


def _page(instance_id: UUID, *, open_values: bool = False) -> str:
    session = sessions.reading()
    row = _row(session.get(ProcessInstance, instance_id))
    owner = row.service_request_id
    found = session.get_one(ServiceRequest, owner) if owner else None
    values = runtime.variables(row.workflow_state)
    return render_template(
        "operations/case.html",
        row=row,
        owner=found,
        case=case_view.of(session, row, found),
        waits=case_view.waits(session, row),
        incidents=case_view.incidents(session, row),
        events=history.timeline(session, found.id)[-50:] if found else [],
        variables=_shown(values, open_values=open_values),
        open_values=open_values,
        may_see=Role.ADMIN in access.signed_in().roles,
        ends=sorted(interventions.CANCELLED_AS),
        most=interventions.MAX_NOTE,
    )


def _row(found: ProcessInstance | None) -> ProcessInstance:
    if found is None:
        raise NotFoundError("There is no such case.")
    return found


def _shown(values: Mapping[str, object], *, open_values: bool) -> list[tuple[str, str]]:
    """Each variable with its value as JSON, or with its kind where values are not to be seen."""
    if open_values:
        return [(name, _text(value)) for name, value in sorted(values.items())]
    return [(name, _kind(value)) for name, value in sorted(values.items())]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return str(_("fields: %(names)s", names=", ".join(sorted(map(str, value)))))
    if isinstance(value, list):
        return str(_("list of %(count)s", count=len(value)))
    kinds = {str: _("text"), bool: _("yes or no"), int: _("number"), float: _("number")}
    return str(kinds.get(type(value), "—"))


def _why() -> dict[str, str]:
    return {"by": access.signed_in().name, "note": request.form.get("note", "")}


def _done(instance_id: UUID, text: str) -> ResponseReturnValue:
    flash(text)
    return redirect(url_for("operations.instance", instance_id=instance_id), 303)
