"""The stepping loop: one element at a time until the instance waits or ends.

SpiffWorkflow's own loop runs the innermost sub-process to its end before it looks at an
interrupting event on it, and calls an instance complete whose tree is too deep to walk. This
loop stops before that with an error, and never asks whether anything is complete: it looks
whether a token is left.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins import EndEventMixin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.runtime import states, waits
from engine.runtime.errors import InstanceTooLargeError, StuckError
from engine.runtime.instance import Instance, failed
from engine.runtime.values import Step

MAX_DEPTH = 600  # tokens one behind the other; SpiffWorkflow stops looking at 1,000
MAX_NESTING = 50  # sub-processes and calls inside each other
MAX_TOKENS = 5000  # tokens of one instance, finished ones that still matter included


def advance(instance: Instance) -> Step:
    """Run what can run, forget what is over, and describe where the instance stands."""
    try:
        _run(instance)
        completed = _is_over(instance)
    except RecursionError as error:
        raise _too_large(None, MAX_DEPTH) from error
    found = waits.of(instance)
    if not completed and not found:
        raise StuckError(None, elements=_unfinished(instance))
    _forget(instance)
    return Step(
        state=states.dump(instance),
        serializer_version=states.SERIALIZER_VERSION,
        waits=found,
        passages=tuple(instance.passages),
        variables=instance.variables.everything(),
        completed=completed,
        end_events=tuple(instance.ended),
    )


def _run(instance: Instance) -> None:
    while instance.ready:
        task = instance.ready.popleft()
        if task.state != TaskState.READY or task.id not in task.workflow.tasks:
            continue  # It was cancelled after it became ready.
        _guard(instance, task)
        try:
            task.run()
        except SpiffWorkflowException as error:
            raise failed(task, str(error).rstrip(". ")) from error
        if isinstance(task.task_spec, EndEventMixin) and task.workflow is instance:
            instance.ended.append(task.task_spec.bpmn_id)


def _guard(instance: Instance, task: Any) -> None:
    if task.depth > MAX_DEPTH or task.workflow.depth > MAX_NESTING:
        raise _too_large(task, max(task.depth, task.workflow.depth))
    count = len(instance.tasks) + sum(len(p.tasks) for p in instance.subprocesses.values())
    if count > MAX_TOKENS:
        raise _too_large(task, count)


def _too_large(task: Any, count: int) -> InstanceTooLargeError:
    element = task.task_spec.bpmn_id or task.task_spec.name if task is not None else None
    return InstanceTooLargeError(
        f"The instance would go through {count} elements at {element or 'a loop'} without"
        " coming to rest. Let the loop wait for a person, a job or a timer, or put what runs"
        " beside it into a sub-process that ends.",
        element=element,
        count=count,
    )


def _is_over(instance: Instance) -> bool:
    """Whether no token is left anywhere; the engine's own flag must agree."""
    left = _unfinished(instance)
    if instance.completed and left:
        raise StuckError(None, elements=left)
    return bool(instance.completed)


def _unfinished(instance: Instance) -> list[str]:
    parts = [part for part in instance.subprocesses.values() if not part.completed]
    return [
        task.task_spec.bpmn_id or task.task_spec.name
        for workflow in [instance, *parts]
        for task in workflow.tasks.values()
        if task.has_state(TaskState.DEFINITE_MASK)
    ]


def _forget(instance: Instance) -> None:
    """Drop history that cannot matter any more, so that a long case stays quick.

    The history an auditor needs are the passages, which the caller keeps.
    """
    for workflow in [instance, *instance.subprocesses.values()]:
        if not workflow.completed:
            _cut(workflow)
    alive = {
        task.id
        for workflow in [instance, *instance.subprocesses.values()]
        for task in workflow.tasks.values()
        if task.has_state(TaskState.DEFINITE_MASK)
    }
    for key in [key for key in instance.subprocesses if key not in alive]:
        del instance.subprocesses[key]
    instance.variables.forget(alive)


def _cut(workflow: Any) -> None:
    """Hang the smallest branch that holds all live tokens directly below the root.

    A join that waits still counts tokens that have arrived, so then nothing is cut.
    """
    alive: set[str] = set()
    for task in workflow.tasks.values():
        if task.has_state(TaskState.FINISHED_MASK):
            continue
        if task.state == TaskState.WAITING and isinstance(task.task_spec, UnstructuredJoin):
            return
        above = task
        while above is not None and above.id not in alive:
            alive.add(above.id)
            above = above.parent
    root = workflow.task_tree
    top = _top(root, alive)
    if top is root or top._parent == root.id:
        return
    kept = {root.id: root, **{task.id: task for task in _below(top)}}
    top._parent, root._children = root.id, [top.id]
    workflow.tasks = {key: task for key, task in workflow.tasks.items() if key in kept}
    if workflow.last_task is not None and workflow.last_task.id not in kept:
        workflow.last_task = None


def _top(root: Any, alive: set[str]) -> Any:
    top = root
    while top.has_state(TaskState.FINISHED_MASK):
        children = [child for child in top.children if child.id in alive]
        if len(children) != 1:
            break
        if isinstance(top.task_spec, BoundaryEventSplit) and not _is_past(top):
            break
        top = children[0]
    return top


def _is_past(split: Any) -> bool:
    """Whether the activity behind a split is over, so that its events are too."""
    return all(
        child.has_state(TaskState.FINISHED_MASK)
        for child in split.children
        if not hasattr(child.task_spec, "cancel_activity")
    )


def _below(top: Any) -> list[Any]:
    found, todo = [], [top]
    while todo:
        task = todo.pop()
        found.append(task)
        todo.extend(task.children)
    return found
