"""User tasks: work for a person, from the queue to the answers that let the process go on.

Every verb locks the instance first. Whoever comes second is told who was first.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import forms
from engine import clock, feel, runtime
from engine.cases import documents, history
from engine.definitions.request_types import RequestType
from engine.errors import ConflictError, InvalidError, NotAllowedError
from engine.execution import instances, status
from engine.lifecycle import UserTaskState
from engine.store import Account, ProcessInstance, ServiceRequest, UserTask, move

EVALUATE = forms.guarded(feel.evaluate, feel.FeelError)
OPEN = (UserTaskState.CREATED, UserTaskState.CLAIMED)


class DocumentsOpenError(InvalidError):
    """Decide about every document first: accept it, or say why not."""

    code = "documents_open"


class DocumentsMissingError(InvalidError):
    """Required documents are not accepted. Ask the customer for them, or decide otherwise."""

    code = "documents_missing"


def claim(session: Session, user_task_id: UUID, account: Account) -> UserTask:
    """Take a task from a queue; claiming one's own again changes nothing.

    Raises ConflictError if somebody else has it, NotAllowedError outside the account's groups.
    """
    task, locked = _locked(session, user_task_id)
    may_work_on(task, account)
    if task.assignee_id == account.id:
        return task
    if task.state is not UserTaskState.CREATED:
        raise ConflictError("A colleague has already taken this task.", task=str(task.id))
    move(task, UserTaskState.CLAIMED)
    task.assignee_id = account.id
    task.claimed_at = clock.now()
    if locked.request is not None:
        locked.request.owner_id = locked.request.owner_id or account.id
    status.taken_up(session, locked.request, actor=account.name)
    _record(session, locked, task, "user_task.claimed", account)
    return task


def release(session: Session, user_task_id: UUID, account: Account) -> UserTask:
    """Give a task back to its queue; what was typed so far stays with it."""
    task, locked = _locked(session, user_task_id)
    _held_by(task, account)
    move(task, UserTaskState.CREATED)
    task.assignee_id = None
    task.claimed_at = None
    _record(session, locked, task, "user_task.released", account)
    return task


def save(
    session: Session, user_task_id: UUID, account: Account, answers: Mapping[str, object]
) -> UserTask:
    """Keep what was typed so far, valid or not."""
    task = hold(session, user_task_id, account)
    task.answers = dict(answers)
    return task


def hold(session: Session, user_task_id: UUID, account: Account) -> UserTask:
    """Lock a task that one holds, for what belongs to its work, such as reviewing a document.

    Nobody completes or releases it meanwhile, so nothing changes behind a decision. Raises
    ConflictError.
    """
    task, _ = _locked(session, user_task_id)
    _held_by(task, account)
    return task


def complete(
    session: Session, user_task_id: UUID, account: Account, answers: Mapping[str, object]
) -> UserTask:
    """Decide: validate the answers, record them and let the process go on.

    Raises InvalidError with `facts["errors"]` (path -> forms.FormError), DocumentsOpenError,
    ConflictError or NotAllowedError; the task then stays as it was.
    """
    task, locked = _locked(session, user_task_id)
    _held_by(task, account)
    valid = _validated(locked.request_type, task, answers)
    _check_documents(session, locked, task, valid)
    move(task, UserTaskState.COMPLETED)
    task.answers = valid
    task.completed_at = clock.now()
    task.completed_by_id = account.id
    _record(session, locked, task, "user_task.completed", account)
    status.taken_up(session, locked.request, actor=account.name)
    result = str(task.details.get("result_variable") or "")
    output = {result: {**valid, "completed_by": account.name}} if result else valid
    instances.advance(session, locked, runtime.complete, task.token_id, output, actor=account.name)
    return task


def move_due(session: Session, request: ServiceRequest) -> None:
    """Let open tasks that are due with the request be due at its new moment."""
    owned = select(ProcessInstance.id).where(ProcessInstance.service_request_id == request.id)
    with_request = update(UserTask).where(
        UserTask.process_instance_id.in_(owned),
        UserTask.state.in_(OPEN),
        ~UserTask.details.has_key("due_at"),
    )
    session.execute(with_request.values(due_at=request.due_at))


def form_of(request_type: RequestType, task: UserTask) -> forms.Form | None:
    """The form a task asks for; None if it only wants to be ticked off."""
    name = str(task.details.get("form") or "")
    return request_type.form(name) if name else None


def may_work_on(task: UserTask, account: Account) -> None:
    """Raise NotAllowedError unless the task is in one of the account's queues or its own."""
    if task.assignee_id != account.id and not set(task.candidate_groups) & set(account.groups):
        raise NotAllowedError("This task belongs to another queue.")


def is_late(task: UserTask, now: datetime) -> bool:
    """Whether an open task is past its due moment; due exactly now counts as in time."""
    return task.state in OPEN and task.due_at < now


def _locked(session: Session, user_task_id: UUID) -> tuple[UserTask, instances.Locked]:
    """Lock instance, then task."""
    task, locked = instances.lock_of(session, UserTask, user_task_id)
    if task.state not in OPEN:
        raise ConflictError(f"This task is {task.state.value} already.", task=str(task.id))
    return task, locked


def _held_by(task: UserTask, account: Account) -> None:
    if task.state is UserTaskState.CREATED:
        raise ConflictError("Claim the task first.", task=str(task.id))
    if task.assignee_id != account.id:
        raise ConflictError("A colleague has this task now.", task=str(task.id))


def _validated(
    request_type: RequestType, task: UserTask, answers: Mapping[str, object]
) -> dict[str, object]:
    form = form_of(request_type, task)
    if form is None:
        return {}
    submission = forms.validate_json(form, answers, EVALUATE)
    if submission.errors:
        raise InvalidError("Some answers need your attention.", errors=submission.errors)
    return dict(submission.data)


def _check_documents(
    session: Session, locked: instances.Locked, task: UserTask, answers: Mapping[str, object]
) -> None:
    """`documents = "check"`: nothing moves on while a required item is open (R5).

    The property `documentsRequired` (FEEL over the answers) says which decisions need the
    documents; without it all do.
    """
    condition = str(task.details.get("documents_required") or "true")
    needed = task.details.get("documents") == "check" and EVALUATE(condition, answers) is True
    if not needed or locked.request is None:
        return
    held = documents.standings(session, locked.request.id)
    undecided = documents.unreviewed(held)
    if undecided:
        raise DocumentsOpenError(documents=[str(document.id) for document in undecided])
    missing = documents.missing(held, locked.request_type.checklist)
    if missing:
        raise DocumentsMissingError(items=missing)


def _record(
    session: Session, locked: instances.Locked, task: UserTask, kind: str, account: Account
) -> None:
    history.record(
        session,
        kind,
        actor=account.name,
        request_id=locked.row.service_request_id,
        instance_id=locked.row.id,
        element_id=task.element_id,
        name=task.name,
    )
