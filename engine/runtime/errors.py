"""What the runtime refuses to do; every error names the element where there is one."""

from collections.abc import Sequence
from typing import ClassVar

from engine.errors import ConflictError, EngineError, InvalidError
from engine.findings import Finding


class RuntimeStepError(EngineError):
    """The instance cannot take this step."""

    code: ClassVar[str] = "step_error"


class DefinitionError(InvalidError):
    """The diagram cannot run. Correct what the findings name and publish again."""

    code: ClassVar[str] = "definition"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = self.findings[0].message if self.findings else ""
        super().__init__(f"{(type(self).__doc__ or '').strip()} {first}".strip())


class InstanceTooLargeError(RuntimeStepError):
    """The instance has grown too large to go on. Move the loop into a sub-process, or end it."""

    code: ClassVar[str] = "instance_too_large"


class StuckError(RuntimeStepError):
    """The instance is not finished, yet nothing can go on. Check the diagram's joins."""

    code: ClassVar[str] = "stuck"


class ElementError(RuntimeStepError):
    """An element of the diagram could not be evaluated."""

    code: ClassVar[str] = "element_error"


class UncaughtBpmnError(RuntimeStepError):
    """No boundary event catches this error code. Add an error boundary event for it."""

    code: ClassVar[str] = "uncaught_bpmn_error"


class NotWaitingError(ConflictError):
    """The instance no longer waits here. Load it again."""

    code: ClassVar[str] = "not_waiting"


class StateVersionError(EngineError):
    """This state was written by another version of the serializer. Migrate it first."""

    code: ClassVar[str] = "state_version"
