"""Corrections to SpiffWorkflow 3.2.0, in one place and each with its reason.

SpiffWorkflow makes its tokens in two functions that cannot be configured, so their behaviour
is corrected on the class. Importing this module applies the corrections once.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

import logging
from importlib import metadata
from typing import Any
from uuid import uuid4

import SpiffWorkflow.task
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from engine import clock

VERSION = "3.2.0"


class _Time:
    """Stands for the module `time` in SpiffWorkflow, so that all time is `engine.clock`."""

    @staticmethod
    def time() -> float:
        return clock.now().timestamp()


def _token_id() -> str:
    """Text instead of UUID objects: a state is JSON without converting each id."""
    return uuid4().hex


def _set_state(self: Any, value: int) -> None:
    """Tell the instance about each change, and do not build a log record for each."""
    old, self._state = self._state, value
    if old != value:
        self.workflow.top_workflow.note_move(self, value)


def _inherit_data(self: Any) -> None:
    """Tokens carry only what is local to a loop or a side branch; the nearer value wins."""
    if self.parent.data:
        self.data = {**self.parent.data, **self.data}


def _is_descendant_of(self: Any, task: Any) -> bool:
    """Walk up without recursion: the original overflows Python's stack in long loops."""
    parent = self.parent
    while parent is not None and parent is not task:
        parent = parent.parent
    return parent is not None


def _find_ancestor(self: Any, spec_name: str) -> Any:
    """Walk up without recursion, as `_is_descendant_of`."""
    parent = self.parent
    while parent is not None and parent.task_spec.name != spec_name:
        parent = parent.parent
    return parent


def _cancel(self: Any) -> None:
    """Cancel without recursion; live work begun by a cycle timer outlives the timer.

    The original drops the children of a cancelled token without telling anybody, which loses
    the running rounds of a non-interrupting cycle.
    """
    todo = [self]
    while todo:
        task = todo.pop()
        if task.has_state(TaskState.FINISHED_MASK):
            todo.extend(reversed(task.children))
        elif task.internal_data.get("rounds"):
            task._set_state(TaskState.COMPLETED)
        else:
            task._set_state(TaskState.CANCELLED)
            task._drop_children()
            task.task_spec._on_cancel(task)


_remove_original = Workflow._remove_task


def _remove_task(self: Any, task_id: str) -> None:
    """Cancel a token that lives before it is removed, with the sub-process below it."""
    self.top_workflow.note_removal(self.tasks[task_id])
    _remove_original(self, task_id)


def _join_run(self: Any, my_task: Any) -> bool:
    """Merge no data, and do not delete what follows the same join in another round."""
    del self, my_task
    return True


def _refuse(self: Any, *_: Any, **__: Any) -> None:
    """Python is never run: no code path leads to the original, and none could come back."""
    raise RuntimeError(f"{type(self).__name__} would run Python.")


def apply() -> None:
    """Replace the originals; doing so twice changes nothing."""
    found = metadata.version("spiffworkflow")
    if found != VERSION:
        raise ImportError(f"The runtime needs SpiffWorkflow {VERSION}; {found} is installed.")
    for name in ("spiff.workflow", "spiff.task", "spiff.data"):
        # Below this level each record walks the whole tree and holds the case's data.
        logging.getLogger(name).setLevel(logging.WARNING)
    TaskDataEnvironment.evaluate = _refuse
    TaskDataEnvironment.execute = _refuse
    SpiffWorkflow.task.time = _Time
    SpiffWorkflow.task.uuid4 = _token_id
    Task._set_state = _set_state
    Task._inherit_data = _inherit_data
    Task.is_descendant_of = _is_descendant_of
    Task.find_ancestor = _find_ancestor
    Task.cancel = _cancel
    Workflow._remove_task = _remove_task
    UnstructuredJoin._run_hook = _join_run
