"""Joins: which tokens go on together.

SpiffWorkflow finds out in the history whether all branches have arrived, which takes the
arrivals of another round, or of an earlier one of a loop, for this one's. Here a token that has
arrived waits as itself, and a join consumes one per incoming flow.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

_LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


class ParallelGateway(defaults.ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """Goes on when a token waits on each incoming flow (BPMN 2.0.2, 13.4.1)."""

    def _update_hook(self, my_task: Any) -> bool:
        return _join(my_task, lambda arrived: Counter(self._inputs) <= arrived)


class InclusiveGateway(defaults.InclusiveGateway):  # type: ignore[misc]  # As above.
    """Goes on when no further token can arrive on an empty flow (BPMN 2.0.2, 13.4.3)."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.before: dict[str, frozenset[str]] = {}

    def _update_hook(self, my_task: Any) -> bool:
        return _join(my_task, lambda arrived: not self._may_come(my_task.workflow, arrived))

    def _may_come(self, workflow: Any, arrived: Counter[str]) -> bool:
        """Whether a token elsewhere can reach an empty flow, and none that is taken already."""
        self.before = self.before or {name: self._upstream(name) for name in self._inputs}
        empty = [name for name in self._inputs if not arrived[name]]
        for task in workflow.tasks.values():
            if task.task_spec is self or not _is_live(task):
                continue
            place = task.task_spec.name
            taken = any(place in self.before[name] for name in arrived)
            if not taken and any(place in self.before[name] for name in empty):
                return True
        return False

    def _upstream(self, name: str) -> frozenset[str]:
        """The specs from which the input can be reached without passing this gateway."""
        found: set[str] = set()
        todo = [name]
        while todo:
            current = todo.pop()
            if current not in found and current != self.name:
                found.add(current)
                todo.extend(self._wf_spec.task_specs[current]._inputs)
        return frozenset(found)


def _join(my_task: Any, is_complete: Any) -> bool:
    """Let the token go on with one of each flow that has any, or let it wait."""
    my_task._inherit_data()
    chosen: list[Any] = []
    arrived: Counter[str] = Counter()
    wanted = Counter(my_task.task_spec._inputs)
    for task in _here(my_task):
        source = task.parent.task_spec.name
        if arrived[source] < wanted[source]:
            arrived[source] += 1
            chosen.append(task)
    if my_task not in chosen or not is_complete(arrived):
        my_task._set_state(TaskState.WAITING)
        return False
    for task in chosen:
        if task is not my_task:
            task._set_state(TaskState.CANCELLED)
            task._drop_children()
    return True


def _here(my_task: Any) -> list[Any]:
    """The tokens at this join, in one order whoever asks, so that some token always goes on."""
    return [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is my_task.task_spec
        and (task is my_task or task.state == TaskState.WAITING)
    ]


def _is_live(task: Any) -> bool:
    """Whether a token is here, or is just about to be."""
    if task.state == TaskState.FUTURE:
        return bool(task.parent is not None and task.parent.has_state(TaskState.FINISHED_MASK))
    return bool(task.has_state(_LIVE))
