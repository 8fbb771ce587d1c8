"""The page of one task: its form at the left, the case at the right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from flask import get_template_attribute, render_template
from sqlalchemy.orm import Session

import forms
from engine.cases import dossier, worklist
from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.execution import user_tasks
from engine.lifecycle import UserTaskState
from engine.people.roles import WORKERS
from engine.store import Account, ProcessDefinition, ProcessInstance, UserTask
from web import access, i18n, installation
from web.inbox import case_views

CHECKED = "check"  # the property `documents` of a task that reviews them


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form: the values, and what is wrong with them or with the case."""

    values: Mapping[str, object]
    errors: Mapping[str, forms.FormError]
    problem: str = ""


def page(session: Session, opened: worklist.OpenTask, entered: Entered) -> str:
    """The whole page."""
    request_type, row = request_type_of(session, opened), opened.row
    account = access.signed_in()
    editable = row.state is UserTaskState.CLAIMED and row.assignee_id == account.id
    case = dossier.of_request(session, opened.request) if opened.request else None
    return render_template(
        "inbox/task.html",
        task=row,
        holder=opened.holder,
        title=request_type.text(i18n.current(), f"{row.element_id}.name", row.name),
        instructions=_instructions(request_type, row),
        form=_form_view(request_type, row, entered, editable=editable),
        problem=entered.problem,
        editable=editable,
        claimable=_may_claim(row, account),
        reviewing=editable and row.details.get("documents") == CHECKED,
        case=case_views.of(case, i18n.current()) if case else None,
    )


def fragment(opened: worklist.OpenTask, form: forms.Form, values: Mapping[str, object]) -> str:
    """The form alone, as htmx asks for it when an answer changes the questions."""
    shown = forms.view(form, values, {}, case_views.EVALUATE, zone=_zone())
    return str(get_template_attribute("inbox/_task_form.html", "task_form")(shown, opened.row.id))


def form_of(request_type: RequestType, row: UserTask) -> forms.Form | None:
    """The task's form in the reader's language."""
    form = user_tasks.form_of(request_type, row)
    return form.translated(request_type.texts(i18n.current())) if form else None


def read(form: forms.Form, raw: Mapping[str, list[str]]) -> forms.Submission:
    """Check what was posted."""
    return forms.validate(form, raw, case_views.EVALUATE, zone=_zone())


def request_type_of(session: Session, opened: worklist.OpenTask) -> RequestType:
    """The bundle the task's process came with."""
    if opened.request is not None:
        return request_types.get(session, opened.request.request_type_version_id)
    instance = session.get_one(ProcessInstance, opened.row.process_instance_id)
    definition = session.get_one(ProcessDefinition, instance.process_definition_id)
    return request_types.get(session, definition.request_type_version_id)


def _form_view(
    request_type: RequestType, row: UserTask, entered: Entered, *, editable: bool
) -> forms.FormView | None:
    form = form_of(request_type, row)
    if form is None:
        return None
    return forms.view(
        form,
        entered.values,
        entered.errors,
        case_views.EVALUATE,
        zone=_zone(),
        readonly=not editable,
    )


def _instructions(request_type: RequestType, row: UserTask) -> str:
    key = str(row.details.get("instructions") or "")
    return request_type.text(i18n.current(), key, key) if key else ""


def _may_claim(row: UserTask, account: Account) -> bool:
    waits = row.state is UserTaskState.CREATED
    works = bool(WORKERS & set(account.roles))
    return waits and works and bool(set(row.candidate_groups) & set(account.groups))


def _zone() -> tzinfo:
    return installation.current().settings.provider_timezone
