"""Instances as JSON: tokens without the specification, variables without copies.

The version changes whenever an older state could be read differently; a state of an unknown
version is refused and never guessed at. Everything ordered is a list, because a database may
reorder the keys of an object.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import BoundaryEventMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.errors import StateVersionError
from engine.runtime.instance import LIVE, Instance
from engine.runtime.specification import Specification
from engine.runtime.variables import Variables

SERIALIZER_VERSION = "1"


def dump(instance: Instance) -> dict[str, object]:
    """The state of an instance; it shares nothing with the specification."""
    return {
        "version": SERIALIZER_VERSION,
        "process": instance.specification.process_id,
        "variables": instance.variables.main,
        "contexts": instance.variables.contexts,
        "tokens": _rows(instance),
        "completed": instance.completed,
        "parts": [
            [key, part.completed, part.last_task.id if part.last_task else None, _rows(part)]
            for key, part in instance.subprocesses.items()
        ],
    }


def load(
    specification: Specification,
    state: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> Instance:
    """The instance a state describes; raises StateVersionError. `state` is not changed."""
    version = state.get("version")
    if version != SERIALIZER_VERSION:
        raise StateVersionError(
            f"This state has version {version!r}; {SERIALIZER_VERSION!r} is needed. Migrate it.",
            version=version,
        )
    variables = Variables(state["variables"], state["contexts"])
    instance = Instance(specification, variables, functions, deserializing=True)
    _restore(instance, state["tokens"])
    instance.completed = state["completed"]
    for key, completed, last, rows in state["parts"]:
        _restore_part(instance, key, rows)
        part = instance.subprocesses[key]
        part.completed, part.last_task = completed, part.tasks.get(last)
    instance.entered = {t.id for t in _all(instance) if _has_entered(t)}
    return instance


def _rows(workflow: Any) -> list[list[object]]:
    return [
        [
            task.id,
            task.task_spec.name,
            task.state,
            task._parent,
            task.triggered,
            None if task.has_state(TaskState.FINISHED_MASK) else task.internal_data or None,
            task.data or None,
        ]
        for task in workflow.tasks.values()
    ]


def _restore(workflow: Any, rows: list[list[Any]]) -> None:
    specs = workflow.spec.task_specs
    for token_id, name, state, parent, triggered, memory, data in rows:
        if name not in specs:
            raise StateVersionError(
                f"The state names the element {name!r}, which the diagram does not have.",
                element=name,
            )
        task = Task(workflow, specs[name], state=state, id=token_id)
        task._parent, task.triggered = parent, triggered
        task.internal_data = deepcopy(memory) if memory else {}
        task.data = dict(data) if data else {}
        if parent is not None:
            workflow.tasks[parent]._children.append(token_id)
    workflow.task_tree = workflow.tasks[rows[0][0]]


def _restore_part(instance: Instance, key: str, rows: list[list[Any]]) -> None:
    task = instance.get_task_from_id(key)
    spec = instance.subprocess_specs[task.task_spec.spec]
    part = BpmnSubWorkflow(spec, key, instance, deserializing=True)
    instance.subprocesses[key] = part
    _restore(part, rows)
    part.completed_event.connect(task.task_spec._on_subworkflow_completed, task)


def _all(instance: Instance) -> list[Any]:
    tasks = list(instance.tasks.values())
    for part in instance.subprocesses.values():
        tasks.extend(part.tasks.values())
    return tasks


def _has_entered(task: Any) -> bool:
    spec = task.task_spec
    if spec.bpmn_id is None or getattr(spec, "is_body", False) or not task.has_state(LIVE):
        return False
    return task.state == TaskState.READY or not isinstance(spec, BoundaryEventMixin)
