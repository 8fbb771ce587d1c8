"""The engine's errors: the docstring is the default message, facts are attributes."""

from typing import ClassVar


class EngineError(Exception):
    """Something the engine refuses to do."""

    code: ClassVar[str] = "engine_error"

    def __init__(self, message: str | None = None, **facts: object) -> None:
        self.facts = facts
        super().__init__(message or (type(self).__doc__ or "").strip())


class NotFoundError(EngineError):
    """There is nothing under this name or number."""

    code = "not_found"


class ConflictError(EngineError):
    """Somebody else changed this in the meantime. Load it again and repeat what you wanted."""

    code = "conflict"


class NotAllowedError(EngineError):
    """Your account may not do this."""

    code = "not_allowed"


class InvalidError(EngineError):
    """The input is not valid."""

    code = "invalid"


class BusyError(EngineError):
    """Many people ask for this at the moment. Nothing is lost: try again in a few seconds."""

    code = "busy"


class StaleJobError(ConflictError):
    """Another worker has taken this job over."""

    code = "stale_job"


class IllegalMoveError(ConflictError):
    """This state does not follow from the present one."""

    code = "illegal_move"
