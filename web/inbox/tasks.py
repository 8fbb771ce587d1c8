"""One task: open it, claim it, keep what is typed, decide, give it back."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import forms
from engine.cases import worklist
from engine.errors import ConflictError, InvalidError
from engine.execution import user_tasks
from web import access, sessions
from web.inbox import task_page
from web.inbox.blueprint import READERS, WORKERS, blueprint
from web.inbox.task_page import Entered

COMPLETE = "complete"  # the button that decides; every other way of sending only saves


@blueprint.get("/tasks/<uuid:task_id>")
@access.roles(*READERS)
def task(task_id: UUID) -> ResponseReturnValue:
    """The form beside the case's documents, answers, clock and history."""
    session = sessions.reading()
    opened = worklist.task(session, task_id)
    return task_page.page(session, opened, Entered(opened.row.answers or {}, {}))


@blueprint.post("/tasks/<uuid:task_id>/claim")
@access.roles(*WORKERS)
def claim(task_id: UUID) -> ResponseReturnValue:
    """Take the task and open it."""
    with sessions.writing() as session:
        user_tasks.claim(session, task_id, access.signed_in())
    return redirect(url_for("inbox.task", task_id=task_id), 303)


@blueprint.post("/tasks/<uuid:task_id>/release")
@access.roles(*WORKERS)
def release(task_id: UUID) -> ResponseReturnValue:
    """Give the task back to its queue."""
    with sessions.writing() as session:
        user_tasks.release(session, task_id, access.signed_in())
    flash(_("The task is back in its queue. What you typed stays with it."))
    return redirect(url_for("inbox.mine"), 303)


@blueprint.post("/tasks/<uuid:task_id>")
@access.roles(*WORKERS)
def answer(task_id: UUID) -> ResponseReturnValue:
    """What was posted: a change that asks other questions, a draft, or the decision."""
    opened = worklist.task(sessions.reading(), task_id)
    form = task_page.form_of(task_page.request_type_of(sessions.reading(), opened), opened.row)
    raw = {name: request.form.getlist(name) for name in request.form}
    if form is not None and (forms.is_action(raw) or "refresh" in request.args):
        return _refresh(opened, form, raw)
    submission = task_page.read(form, raw) if form is not None else None
    if request.form.get("_action") == COMPLETE:
        return _complete(opened, submission)
    _save(task_id, submission.entered if submission else {})
    flash(_("Saved. The task stays with you."))
    return redirect(url_for("inbox.task", task_id=task_id), 303)


def _refresh(
    opened: worklist.OpenTask, form: forms.Form, raw: Mapping[str, list[str]]
) -> ResponseReturnValue:
    """The form with the questions that follow: alone for htmx, else on its page."""
    submission = task_page.read(form, forms.apply_action(form, raw))
    entered = submission.entered
    in_background = "HX-Request" in request.headers
    try:
        _save(opened.row.id, entered)
    except ConflictError:
        if in_background and _was_decided_so(opened.row.id, submission.data):
            return "", 204  # sent just before the decision, arrived after it
        raise
    if in_background:
        return task_page.fragment(opened, form, entered)
    return task_page.page(sessions.reading(), opened, Entered(entered, {}))


def _was_decided_so(task_id: UUID, answers: Mapping[str, object]) -> bool:
    """Whether one has decided with these very answers; another window would hold others."""
    row = worklist.task(sessions.reading(), task_id).row
    return row.completed_by_id == access.signed_in().id and row.answers == answers


def _complete(
    opened: worklist.OpenTask, submission: forms.Submission | None
) -> ResponseReturnValue:
    if submission is not None and submission.errors:
        _save(opened.row.id, submission.entered)  # refused if the task is no longer one's own
        entered = Entered(submission.entered, submission.errors)
        return task_page.page(sessions.reading(), opened, entered), 422
    answers = submission.data if submission is not None else {}
    try:
        with sessions.writing() as session:
            user_tasks.complete(session, opened.row.id, access.signed_in(), answers)
    except InvalidError as refused:  # what was typed must not be lost over it
        entered = Entered(submission.entered if submission else {}, {}, str(refused))
        return task_page.page(sessions.reading(), opened, entered), 422
    flash(_("Done: %(name)s.", name=opened.row.name), "success")
    return redirect(url_for("inbox.mine"), 303)


def _save(task_id: UUID, values: Mapping[str, object]) -> None:
    with sessions.writing() as session:
        user_tasks.save(session, task_id, access.signed_in(), values)
