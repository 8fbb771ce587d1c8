"""The BPMN runtime: the only importer of SpiffWorkflow.

Pure functions: a specification and a state go in, a Step comes out. No SpiffWorkflow object
leaves this package.
"""

from engine.runtime.definitions import check, outline, parse
from engine.runtime.errors import (
    DefinitionError,
    ElementError,
    InstanceTooLargeError,
    NotWaitingError,
    RuntimeStepError,
    StateVersionError,
    StuckError,
    UncaughtBpmnError,
)
from engine.runtime.operations import (
    complete,
    fire,
    receive,
    redue,
    start,
    throw_error,
    variables,
    waiting,
)
from engine.runtime.specification import Specification
from engine.runtime.states import SERIALIZER_VERSION
from engine.runtime.values import Outline, Passage, Step, WaitKind, WaitState

__all__ = [
    "SERIALIZER_VERSION",
    "DefinitionError",
    "ElementError",
    "InstanceTooLargeError",
    "NotWaitingError",
    "Outline",
    "Passage",
    "RuntimeStepError",
    "Specification",
    "StateVersionError",
    "Step",
    "StuckError",
    "UncaughtBpmnError",
    "WaitKind",
    "WaitState",
    "check",
    "complete",
    "fire",
    "outline",
    "parse",
    "receive",
    "redue",
    "start",
    "throw_error",
    "variables",
    "waiting",
]
