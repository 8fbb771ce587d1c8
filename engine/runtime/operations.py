"""The verbs of the runtime: each loads a state, does one thing, and steps to the next waits.

They are pure: state in, Step out. Nothing is stored, sent or called from here.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime import moments, specs, states, stepping, waits
from engine.runtime.errors import NotWaitingError
from engine.runtime.instance import Instance
from engine.runtime.specification import Specification
from engine.runtime.values import Step, WaitState
from engine.runtime.variables import Variables

State = Mapping[str, Any]
Functions = Mapping[str, Callable[..., object]]


def start(spec: Specification, variables: Mapping[str, object], functions: Functions) -> Step:
    """Begin an instance of the process with these variables (JSON)."""
    return stepping.advance(Instance(spec, Variables(variables), functions))


def complete(
    spec: Specification,
    state: State,
    token_id: str,
    output: Mapping[str, object],
    functions: Functions,
) -> Step:
    """End a user task or a job; its output (JSON) joins the variables.

    A job's output lies under its result variable if it has one. Raises NotWaitingError.
    """
    instance = states.load(spec, state, functions)
    task = _found(instance, token_id)
    if task.state == TaskState.STARTED and isinstance(task.task_spec, specs.ServiceTask):
        name = task.task_spec.element.operator.result_variable
        instance.variables.write(task, {name: dict(output)} if name else output)
        task.complete()
    elif task.state == TaskState.READY and task.task_spec.manual:
        instance.variables.write(task, output)
        task.run()
    else:
        raise NotWaitingError(token=token_id)
    return stepping.advance(instance)


def throw_error(  # noqa: PLR0917 -- callers pass the error's two parts by position.
    spec: Specification,
    state: State,
    token_id: str,
    code: str,
    message: str,
    functions: Functions,
) -> Step:
    """Let a job or user task fail with a BPMN error; the nearest handler of the code goes on.

    The handler's path reads it as `error.code`, `error.message`, `error.element`. Raises
    UncaughtBpmnError, NotWaitingError.
    """
    instance = states.load(spec, state, functions)
    task = _found(instance, token_id)
    if task.state not in (TaskState.STARTED, TaskState.READY):
        raise NotWaitingError(token=token_id)
    instance.entered.discard(task.id)
    instance.note(task, "error")
    specs.throw_error(task, code, message)
    return stepping.advance(instance)


def fire(spec: Specification, state: State, token_id: str, functions: Functions) -> Step:
    """Let a timer go off, whatever the clock says: the caller knows that it is due.

    Of a cycle, the rounds missed meanwhile are this one round. Raises NotWaitingError.
    """
    instance = states.load(spec, state, functions)
    task, definition = _event(instance, token_id)
    if isinstance(definition, specs.Cycle):
        _next_round(task)
    elif isinstance(definition, specs.Waiting):
        _happen(task, token_id)
    else:
        raise NotWaitingError(token=token_id)
    return stepping.advance(instance)


def receive(
    spec: Specification,
    state: State,
    token_id: str,
    payload: Mapping[str, object],
    functions: Functions,
) -> Step:
    """Hand a message to the wait for it; its payload (JSON) joins the variables.

    It lies under the property `resultVariable` of the element if there is one. Raises
    NotWaitingError.
    """
    instance = states.load(spec, state, functions)
    task, definition = _event(instance, token_id)
    if not isinstance(definition, specs.MessageEventDefinition):
        raise NotWaitingError(token=token_id)
    name = _spec(task, token_id).element.properties.get("resultVariable")
    instance.variables.write(task, {name: dict(payload)} if name else payload)
    _happen(task, token_id)
    return stepping.advance(instance)


def redue(
    spec: Specification, state: State, token_id: str, due_at: datetime, functions: Functions
) -> Step:
    """Move a waiting timer to another moment (aware); nothing else happens."""
    instance = states.load(spec, state, functions)
    task, definition = _event(instance, token_id)
    if not isinstance(definition, specs.Waiting | specs.Cycle):
        raise NotWaitingError(token=token_id)
    details = task.internal_data["details"][_spec(task, token_id).name]
    moment = moments.local(due_at)
    details["due_at"] = moment.isoformat()
    if isinstance(definition, specs.Cycle):
        rounds = replace(moments.resumed(task.internal_data["cycle"]), anchor=moment, number=0)
        task.internal_data["cycle"] = rounds.memory()
    return stepping.advance(instance)


def waiting(spec: Specification, state: State, functions: Functions) -> tuple[WaitState, ...]:
    """What a state waits for; nothing is stepped."""
    return waits.of(states.load(spec, state, functions))


def variables(state: State) -> dict[str, object]:
    """The variables of a state, each side branch's under the name of its boundary event."""
    return Variables(state["variables"], state["contexts"]).everything()


def _found(instance: Instance, token_id: str) -> Any:
    for workflow in [instance, *instance.subprocesses.values()]:
        task = workflow.tasks.get(token_id)
        if task is not None:
            return task
    raise NotWaitingError(token=token_id)


def _event(instance: Instance, token_id: str) -> tuple[Any, Any]:
    """The waiting token and the definition of the event it waits for."""
    task = _found(instance, token_id.partition(":")[0])
    if task.state != TaskState.WAITING:
        raise NotWaitingError(token=token_id)
    if isinstance(task.task_spec, specs.EventGateway):
        return task, task.task_spec.arms.get(token_id.partition(":")[2])
    return task, getattr(task.task_spec, "event_definition", None)


def _spec(task: Any, token_id: str) -> Any:
    arm = token_id.partition(":")[2]
    return task.workflow.spec.task_specs[arm] if arm else task.task_spec


def _happen(task: Any, token_id: str) -> None:
    if isinstance(task.task_spec, specs.BoundaryEvent):
        task.task_spec.happen(task)
        return
    arm = token_id.partition(":")[2]
    task.internal_data.update({"chosen": arm} if arm else {"event_fired": True})
    task.task_spec._update(task)


def _next_round(task: Any) -> None:
    memory = task.internal_data
    if memory.get("spent"):
        raise NotWaitingError(token=task.id)
    following = moments.resumed(memory["cycle"]).next()
    if following is None:
        memory["spent"] = True
    else:
        details = memory["details"][task.task_spec.name]
        details["due_at"], memory["cycle"] = following.due_at.isoformat(), following.memory()
    task.task_spec.happen(task)
