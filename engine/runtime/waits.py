"""Wait states: which tokens wait for the outside, and what the outside must know.

What a wait is about is evaluated once, when it begins, and kept with its token: a variable
that changes later changes no deadline and no job behind anybody's back.
"""

import re
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime import moments, specs
from engine.runtime.instance import Instance, failed
from engine.runtime.values import WaitKind, WaitState

# What begins with `=` is FEEL, even if it would look plain without.
_PLAIN_LIST = re.compile(r"[\w .@-]+(,[\w .@-]+)*")
_NUMBER = re.compile(r"[0-9]{1,9}")
_PLAIN_WORD = re.compile(r"[\w .@-]+")


def of(instance: Instance) -> tuple[WaitState, ...]:
    """All waits of the instance, those that began first first."""
    parts = [part for part in instance.subprocesses.values() if not part.completed]
    return tuple(
        wait
        for workflow in [instance, *parts]
        for task in workflow.tasks.values()
        if task.state in (TaskState.WAITING, TaskState.READY, TaskState.STARTED)
        for wait in _waits(instance, task)
    )


def is_expression(name: str, text: str) -> bool:
    """Whether the text of this property is FEEL, not a plain word, list, time or anything else."""
    if name == "correlation":
        return True
    if name == "dueDate":
        return not moments.is_bare(text)
    pattern = {"candidateGroups": _PLAIN_LIST, "assignee": _PLAIN_WORD, "priority": _PLAIN_WORD}
    plain = pattern.get(name)
    return plain is not None and bool(text) and not plain.fullmatch(text)


def _waits(instance: Instance, task: Any) -> Iterator[WaitState]:
    spec, state = task.task_spec, task.state
    if state == TaskState.READY and spec.manual:
        yield _wait(task, WaitKind.USER_TASK, _kept(task, spec.name, _user_task, instance))
    elif state == TaskState.STARTED and isinstance(spec, specs.ServiceTask):
        yield _wait(task, WaitKind.JOB, _kept(task, spec.name, _job, instance))
    elif state == TaskState.WAITING and isinstance(spec, specs.EventGateway):
        for name, definition in spec.arms.items():
            arm = task.workflow.spec.task_specs[name]
            yield from _event(instance, task, arm, definition)
    elif state == TaskState.WAITING and hasattr(spec, "event_definition"):
        yield from _event(instance, task, spec, spec.event_definition)


def _event(instance: Instance, task: Any, spec: Any, definition: Any) -> Iterator[WaitState]:
    if isinstance(definition, specs.MessageEventDefinition):
        details = _kept(task, spec.name, _message, instance, spec, definition)
        yield _wait(task, WaitKind.MESSAGE, details, spec)
    elif isinstance(definition, specs.Waiting | specs.Cycle):
        details = _kept(task, spec.name, _timer, instance, spec, definition)
        if not task.internal_data.get("spent"):
            yield _wait(task, WaitKind.TIMER, details, spec)


def _wait(
    task: Any, kind: WaitKind, details: dict[str, object], spec: Any | None = None
) -> WaitState:
    arm = spec is not None and spec is not task.task_spec
    spec = spec or task.task_spec
    token_id = f"{task.id}:{spec.name}" if arm else task.id
    return WaitState(token_id, spec.bpmn_id, spec.bpmn_name or "", kind, details)


def _kept(task: Any, name: str, make: Any, instance: Instance, *rest: Any) -> dict[str, object]:
    """The details this wait began with, made now if it has just begun."""
    kept: dict[str, dict[str, object]] = task.internal_data.setdefault("details", {})
    if name not in kept:
        kept[name] = make(instance, task, *rest)
    return kept[name]


def _user_task(instance: Instance, task: Any) -> dict[str, object]:
    element = task.task_spec.element
    details: dict[str, object] = {"lane": element.lane}
    for name, text in element.properties.items():
        details[_snake(name)] = text
    details["candidate_groups"] = _groups(
        instance, task, element.properties.get("candidateGroups", "")
    )
    for name in ("priority", "assignee"):
        if text := element.properties.get(name):
            details[name] = _word(instance, task, name, text)
    if text := element.properties.get("dueDate"):
        del details["due_date"]
        if moments.is_bare(text) or instance.value(task, text) is not None:
            details["due_at"] = _due(instance, task, text)
    return details


def _job(instance: Instance, task: Any) -> dict[str, object]:
    operator = task.task_spec.element.operator
    return {
        "type": operator.type,
        "parameters": {
            name: instance.evaluate(task, text) for name, text in operator.parameters.items()
        },
        "result_variable": operator.result_variable,
        "retries": int(operator.retries) if operator.retries else None,
    }


def _message(instance: Instance, task: Any, spec: Any, definition: Any) -> dict[str, object]:
    text = spec.element.properties.get("correlation")
    return {
        "message": definition.name,
        "correlation": instance.evaluate(task, text) if text else None,
    }


def _timer(instance: Instance, task: Any, spec: Any, definition: Any) -> dict[str, object]:
    boundary = isinstance(spec, specs.BoundaryEvent)
    cycle = isinstance(definition, specs.Cycle)
    if cycle:
        try:
            rounds = moments.rounds(definition.expression, lambda t: instance.value(task, t))
        except moments.NotAMomentError as error:
            raise failed(task, str(error)) from error
        due_at = rounds.due_at.isoformat()
        task.internal_data["cycle"] = rounds.memory()
    else:
        due_at = _due(instance, task, definition.expression)
    return {
        "due_at": due_at,
        "cycle": cycle,
        "expression": definition.expression,
        "attached_to": spec.element.attribute("attachedToRef") if boundary else None,
        "interrupting": spec.cancel_activity if boundary else True,
    }


def _due(instance: Instance, task: Any, text: str) -> str:
    try:
        return moments.due(text, lambda t: instance.value(task, t)).isoformat()
    except moments.NotAMomentError as error:
        raise failed(task, str(error)) from error


def _groups(instance: Instance, task: Any, text: str) -> list[str]:
    plain = not is_expression("candidateGroups", text)
    found = text if plain else instance.evaluate(task, text)
    if isinstance(found, str):
        return [part.strip() for part in found.split(",") if part.strip()]
    if isinstance(found, list) and all(isinstance(group, str) for group in found):
        return found
    raise failed(task, f"candidateGroups gives {found!r}; give a text or a list of texts.")


def _word(instance: Instance, task: Any, name: str, text: str) -> object:
    """A number or plain word as it stands, anything else as FEEL."""
    if is_expression(name, text):
        return instance.evaluate(task, text)
    return int(text) if _NUMBER.fullmatch(text) else text


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
