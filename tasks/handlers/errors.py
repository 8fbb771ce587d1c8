"""How a handler says no: for good, or for the diagram to decide what happens then."""

from engine.errors import EngineError, InvalidError


class BpmnError(EngineError):
    """The diagram decides what happens now: an error boundary event with this code."""

    code = "bpmn_error"

    def __init__(self, bpmn_code: str, message: str) -> None:
        self.bpmn_code = bpmn_code
        super().__init__(message, bpmn_code=bpmn_code)


class UnknownJobTypeError(InvalidError):
    """No handler knows this type of job. Correct the diagram, or start the release that has it."""

    code = "unknown_job_type"


class WrongParameterError(InvalidError):
    """A service task hands over something its handler cannot use. Correct the diagram."""

    code = "wrong_parameter"
