"""A running instance: SpiffWorkflow's tokens, our variables, our expressions.

SpiffWorkflow asks its `script_engine` to evaluate; ours knows FEEL alone, so that nothing of
Python can be reached from a diagram.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins import BoundaryEventMixin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.feel import dmn
from engine.feel.errors import FeelError
from engine.runtime import decisions, patches
from engine.runtime.errors import ElementError
from engine.runtime.values import Passage
from engine.runtime.variables import Variables

LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_ENDS = {
    TaskState.COMPLETED: "completed",
    TaskState.CANCELLED: "cancelled",
    TaskState.ERROR: "error",
}

patches.apply()


class Instance(BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow is untyped.
    """Tokens and variables of one instance, and the passages of the present step."""

    def __init__(
        self,
        specification: Any,
        variables: Variables,
        functions: Mapping[str, Callable[..., object]],
        *,
        deserializing: bool = False,
    ) -> None:
        self.specification = specification
        self.variables = variables
        self.functions = functions
        self.ready: deque[Any] = deque()
        self.passages: list[Passage] = []
        self.entered: set[str] = set()
        self.ended: list[str] = []
        super().__init__(
            specification.main, specification.parts, self, deserializing=deserializing
        )

    def evaluate(self, task: Any, text: str, external_context: object = None) -> Any:
        """The JSON value of a FEEL expression at this token; raises ElementError."""
        del external_context
        value = self.value(task, text)
        try:
            return feel.to_json(value)
        except FeelError as error:
            raise failed(task, f"{text!r}: {error}") from error

    def value(self, task: Any, text: str, extra: Mapping[str, object] | None = None) -> Any:
        """The FEEL value of an expression at this token; raises ElementError."""
        context = self.variables.seen_from(task)
        if extra:
            context.update(extra)
        try:
            return feel.evaluate(as_feel(text), context, self.functions)
        except FeelError as error:
            raise failed(task, f"{text!r}: {error}") from error

    def decide(self, task: Any, decision: str) -> object:
        """The JSON value of a decision, its inputs being what the token sees."""
        model = decisions.find(self.specification.decisions, decision)
        if model is None:
            raise failed(task, f"the bundle has no decision {decision}.")
        try:
            seen = self.variables.seen_from(task)
            return feel.to_json(dmn.decide(model, decision, seen, self.functions))
        except FeelError as error:
            raise failed(task, f"the decision {decision}: {error}") from error

    def note_move(self, task: Any, new: int) -> None:
        """Keep the queue of what can run and the passages; called for each change of state."""
        spec = task.task_spec
        if new == TaskState.READY and not spec.manual:
            self._enqueue(task)
        if spec.bpmn_id is None or getattr(spec, "is_body", False):
            return
        if new & LIVE and task.id not in self.entered:
            # A boundary event that is armed holds no token; one that is caught does.
            if new == TaskState.READY or not isinstance(spec, BoundaryEventMixin):
                self.entered.add(task.id)
                self.note(task, "entered")
        elif new in _ENDS and task.id in self.entered:
            self.entered.discard(task.id)
            # A join lets only one of its waiting tokens go on: the others have arrived too.
            arrived = new == TaskState.CANCELLED and isinstance(spec, UnstructuredJoin)
            self.note(task, "completed" if arrived else _ENDS[new])

    def note_removal(self, task: Any) -> None:
        """A token is taken out of the tree: if it lived, it is cancelled, with all below it."""
        if task.has_state(TaskState.FINISHED_MASK):
            return
        part = self.subprocesses.get(task.id)
        if part is not None and not part.completed:
            part.cancel()
        if task.id in self.entered:
            self.entered.discard(task.id)
            self.note(task, "cancelled")

    def note(self, task: Any, event: str) -> None:
        """Add a passage of this token's element."""
        spec = task.task_spec
        kind = getattr(spec, "kind", "")
        self.passages.append(Passage(spec.bpmn_id, spec.bpmn_name or "", kind, event, task.id))

    def _enqueue(self, task: Any) -> None:
        """Caught boundary events go first: they may cancel what else is ready."""
        if isinstance(task.task_spec, BoundaryEventMixin):
            self.ready.appendleft(task)
        else:
            self.ready.append(task)


def as_feel(text: str) -> str:
    """The expression without the `=` that some modellers put before FEEL."""
    return text.strip().removeprefix("=")


def failed(task: Any, reason: str) -> ElementError:
    """The error that names the token's element."""
    spec = task.task_spec
    where = spec.bpmn_name or spec.bpmn_id or spec.name
    message = f"{where} ({spec.bpmn_id}): {reason}"
    return ElementError(message, element=spec.bpmn_id, token=task.id)
