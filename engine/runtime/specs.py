"""What each kind of element does, as subclasses of SpiffWorkflow's task specs.

They carry no data (see `variables`) and wait for the outside to end their waits: no timer looks
at a clock, a service task stays STARTED until its job is done.
"""

# ruff: noqa: SLF001 -- SpiffWorkflow offers its tree only through private members.

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import (
    NoneEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.util.task import TaskState

from engine.runtime.errors import UncaughtBpmnError
from engine.runtime.variables import SCOPE, path

__all__ = ["MessageEventDefinition", "NoneEventDefinition", "TerminateEventDefinition"]


class Condition(Operator):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A condition of a flow: holds only if the FEEL expression is true, not merely non-empty."""

    def _matches(self, task: Any) -> bool:
        return task.workflow.top_workflow.value(task, self.args[0]) is True


class ServiceTask(defaults.ServiceTask):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A job: it stays STARTED until the worker's output arrives."""

    def _execute(self, task: Any) -> None:
        del task


class ScriptTask(defaults.ScriptTask):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A FEEL expression whose value goes into the element's result variable."""

    result_variable: str | None = None

    def _execute(self, task: Any) -> bool:
        instance = task.workflow.top_workflow
        value = instance.evaluate(task, self.script)
        if self.result_variable:
            instance.variables.write(task, {self.result_variable: value})
        return True


class PlainTask(defaults.NoneTask):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A task of no kind: it does nothing, so nobody has to do it."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, **kwargs)
        self.manual = False


class DecisionTask(PlainTask):
    """A business rule task: a decision of the bundle, asked with the variables in sight."""

    decision: str = ""
    result_variable: str | None = None

    def _run_hook(self, task: Any) -> bool:
        instance = task.workflow.top_workflow
        value = instance.decide(task, self.decision)
        if self.result_variable:
            instance.variables.write(task, {self.result_variable: value})
        elif isinstance(value, dict):
            instance.variables.write(task, value)
        return True


class Part(defaults.SubWorkflowTask):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """An embedded sub-process or a called process: it sees and writes the same variables."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        subworkflow.task_tree.data = dict(my_task.data)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Copy nothing back: what was written is in the variables."""


class Waiting(TimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A timer that fires when it is told to; `details` knows when that is due."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.get("event_fired"))


class Cycle(CycleTimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """A timer that fires round after round, each time it is told to."""

    def has_fired(self, my_task: Any) -> bool:
        return bool(my_task.internal_data.get("event_fired"))

    def update_task(self, my_task: Any) -> None:
        """Rounds begin in `BoundaryEvent.happen` alone."""


class ScopedError(ErrorEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """An error caught by the nearest enclosing handler only, never by a sibling's."""

    def throw(self, my_task: Any) -> None:
        throw_error(my_task, self.code, None)


class ScopedEscalation(EscalationEventDefinition):  # type: ignore[misc]  # As above.
    """As ScopedError; nobody has to catch an escalation (BPMN 2.0.2, 10.5.7)."""

    def throw(self, my_task: Any) -> None:
        handler = _nearest(my_task, EscalationEventDefinition, self.code)
        if handler is not None:
            handler.task_spec.happen(handler)


class BoundaryEvent(defaults.BoundaryEvent):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """An event on an activity. Behind a non-interrupting one a side branch begins.

    A non-interrupting cycle, message or escalation stays armed: each time it happens, a round
    begins as a token below the event's own.
    """

    @property
    def repeats(self) -> bool:
        """Whether the event can happen more than once."""
        kinds = Cycle | MessageEventDefinition | EscalationEventDefinition
        return not self.cancel_activity and isinstance(self.event_definition, kinds)

    def happen(self, my_task: Any) -> None:
        """The event is caught."""
        if not self.repeats:
            my_task.internal_data["event_fired"] = True
            self._update(my_task)
            return
        my_task.internal_data["rounds"] = my_task.internal_data.get("rounds", 0) + 1
        my_task.workflow.top_workflow.note(my_task, "entered")
        my_task.workflow.top_workflow.note(my_task, "completed")
        for output in self.outputs:
            if not isinstance(output, BoundaryEventJoin):
                child = my_task._add_child(output, TaskState.FUTURE)
                child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
                child.task_spec._update(child)

    def _update_hook(self, my_task: Any) -> bool | None:
        ready: bool | None = super()._update_hook(my_task)
        if not self.cancel_activity:
            my_task.data[SCOPE] = "/".join((*path(my_task.parent), self.bpmn_id))
        return ready

    def _predict_hook(self, my_task: Any) -> None:
        if not self.repeats:
            super()._predict_hook(my_task)


class EventGateway(defaults.EventBasedGateway):  # type: ignore[misc]  # As above.
    """Waits for the first of its events; the arms keep the definitions, the gateway waits."""

    def __init__(self, wf_spec: Any, bpmn_id: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, bpmn_id, NoneEventDefinition(), **kwargs)
        self.arms: dict[str, Any] = {}

    def connect(self, child: Any) -> None:
        BpmnTaskSpec.connect(self, child)
        self.arms[child.name] = child.event_definition
        child.event_definition = NoneEventDefinition()

    def _update_hook(self, my_task: Any) -> bool:
        my_task._inherit_data()
        if my_task.internal_data.get("chosen"):
            return True
        if my_task.state != TaskState.WAITING:
            my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: Any) -> bool:
        chosen = self._wf_spec.task_specs[my_task.internal_data["chosen"]]
        my_task._sync_children([chosen], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def throw_error(task: Any, code: str | None, message: str | None) -> None:
    """Hand a BPMN error to the nearest handler, whose path reads it as `error`.

    Raises UncaughtBpmnError if there is none.
    """
    handler = _nearest(task, ErrorEventDefinition, code)
    element = task.task_spec.bpmn_id
    if handler is None:
        raise UncaughtBpmnError(element=element, error_code=code, error_message=message)
    facts = {"code": code, "message": message, "element": element}
    handler.workflow.top_workflow.variables.write(handler, {"error": facts})
    handler.task_spec.happen(handler)


def _nearest(task: Any, kind: Any, code: str | None) -> Any | None:
    """The armed boundary event nearest outside this token that catches the code.

    A handler that names the code goes before one that catches every code, at each level.
    """
    while task is not None:
        handler = _handler(task, kind, code)
        if handler is not None:
            return handler
        parent = task.parent
        task = parent if parent is not None and _is_body(parent, task) else _owner(task)
    return None


def _handler(task: Any, kind: Any, code: str | None) -> Any | None:
    split = task.parent
    if split is None or not isinstance(split.task_spec, BoundaryEventSplit):
        return None
    armed = [
        child
        for child in split.children
        if isinstance(child.task_spec, BoundaryEvent)
        and child is not task
        and child.state == TaskState.WAITING
        and isinstance(child.task_spec.event_definition, kind)
        and child.task_spec.event_definition.code in (None, code)
    ]
    return min(armed, key=lambda c: c.task_spec.event_definition.code is None, default=None)


def _is_body(parent: Any, task: Any) -> bool:
    """Whether the parent is the multi-instance body whose instance the token is."""
    return bool(getattr(parent.task_spec, "task_spec", None) == task.task_spec.name)


def _owner(task: Any) -> Any | None:
    """The sub-process or call that the token runs in."""
    workflow = task.workflow
    if workflow.parent_task_id is None:
        return None
    return workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
