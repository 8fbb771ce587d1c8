"""Standard loops and multi-instance activities, sequential and parallel.

An activity that repeats becomes a body (this spec) whose instances are tokens of the activity
itself. How often is decided once, on entry.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.runtime.errors import InstanceTooLargeError
from engine.runtime.instance import failed
from engine.runtime.variables import OWN, SEEN

MAX_INSTANCES = 1000


@dataclass(frozen=True, slots=True)
class Repetition:
    """How an activity repeats; all expressions are FEEL."""

    sequential: bool = True
    standard: bool = False  # a loop: goes on while `condition` holds
    test_before: bool = False
    maximum: int | None = None
    condition: str | None = None
    cardinality: str | None = None
    collection: str | None = None
    item: str | None = None
    output: str | None = None
    output_item: str | None = None
    completion: str | None = None


class Body(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """The frame around the instances of a repeated activity."""

    is_body = True

    def __init__(self, wf_spec: Any, name: str, child: Any, repetition: Repetition) -> None:
        super().__init__(wf_spec, name)
        self.bpmn_id = name
        self.task_spec = child.name
        self.repetition = repetition
        child.completed_event.connect(self._merge)

    def _update_hook(self, my_task: Any) -> bool:
        super()._update_hook(my_task)
        items = self._items(my_task)
        memory = my_task.internal_data
        memory.update(items=items, begun=0, done=0, results=[None] * len(items or ()))
        if items == [] or (self.repetition.test_before and not self._again(my_task)):
            self._finish(my_task)
            return True
        my_task._set_state(TaskState.STARTED)
        for _ in range(1 if self.repetition.sequential else len(items or ())):
            self._begin(my_task)
        return False

    def _items(self, my_task: Any) -> list[object] | None:
        """The items of a multi-instance; None for a loop, whose length nobody knows."""
        if self.repetition.standard:
            return None
        instance, text = my_task.workflow.top_workflow, self.repetition.collection
        found = instance.evaluate(my_task, text or self.repetition.cardinality)
        items: list[object]
        if text is None:
            if not isinstance(found, int) or found < 0:
                raise failed(my_task, f"the number of instances is {found!r}; give 0 or more.")
            items = [None] * min(found, MAX_INSTANCES + 1)
        elif isinstance(found, list):
            items = found
        else:
            raise failed(my_task, f"{text!r} is not a list; give the items to repeat over.")
        if len(items) > MAX_INSTANCES:
            raise InstanceTooLargeError(
                f"{my_task.task_spec.bpmn_id} would begin more than {MAX_INSTANCES} instances."
                " Split the collection.",
                element=my_task.task_spec.bpmn_id,
                count=len(items),
            )
        return items

    def _begin(self, my_task: Any) -> None:
        memory = my_task.internal_data
        index = memory["begun"]
        memory["begun"] = index + 1
        child = my_task._add_child(self._wf_spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["index"] = index
        own: dict[str, object] = {"loopCounter": index + 1}
        if self.repetition.item and memory["items"] is not None:
            own[self.repetition.item] = memory["items"][index]
        child.data.update(my_task.data)
        mark = OWN if self.repetition.output else SEEN
        my_task.workflow.top_workflow.variables.enclose(child, mark, own)
        child.task_spec._update(child)

    def _merge(self, workflow: Any, child: Any) -> None:
        del workflow
        my_task = child.parent
        memory = my_task.internal_data
        memory["done"] += 1
        self._collect(memory, child)
        if self._is_over(my_task, child):
            for other in my_task.children:
                if other.triggered and not other.has_state(TaskState.FINISHED_MASK):
                    other.cancel()
            self._finish(my_task)
            my_task._set_state(TaskState.READY)
        elif self.repetition.sequential:
            self._begin(my_task)

    def _collect(self, memory: dict[str, Any], child: Any) -> None:
        if self.repetition.output and self.repetition.output_item:
            top = child.workflow.top_workflow
            value = top.evaluate(child, self.repetition.output_item)
            memory["results"][child.internal_data["index"]] = value

    def _is_over(self, my_task: Any, child: Any) -> bool:
        memory = my_task.internal_data
        if memory["items"] is None:
            return not self._again(my_task)
        if memory["done"] >= len(memory["items"]):
            return True
        text = self.repetition.completion
        if text is None:
            return False
        top = my_task.workflow.top_workflow
        return top.value(child, text, _counts(my_task)) is True

    def _again(self, my_task: Any) -> bool:
        """Whether a loop goes round once more."""
        done, condition = my_task.internal_data["done"], self.repetition.condition
        if self.repetition.maximum is not None and done >= self.repetition.maximum:
            return False
        if condition is None:
            return True
        top = my_task.workflow.top_workflow
        return top.value(my_task, condition, {"loopCounter": done}) is True

    def _finish(self, my_task: Any) -> None:
        if self.repetition.output:
            results = my_task.internal_data["results"]
            top = my_task.workflow.top_workflow
            top.variables.write(my_task, {self.repetition.output: results})


def _counts(my_task: Any) -> Mapping[str, object]:
    """The numbers BPMN 2.0.2 (table 10.30) offers to a completion condition."""
    memory = my_task.internal_data
    return {
        "numberOfInstances": len(memory["items"]),
        "numberOfCompletedInstances": memory["done"],
        "numberOfActiveInstances": memory["begun"] - memory["done"],
    }
