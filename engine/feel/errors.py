"""What can go wrong with an expression's text or appetite; wrong types give null, not errors."""

from engine.errors import EngineError


class FeelError(EngineError):
    """The expression cannot be used."""

    code = "feel_error"


class FeelSyntaxError(FeelError):
    """The expression is not valid FEEL."""

    code = "feel_syntax"

    def __init__(self, message: str | None = None, position: int = 0) -> None:
        self.position = position
        reason = message or (type(self).__doc__ or "")
        super().__init__(f"{reason} (at character {position + 1})", position=position)


class FeelLimitError(FeelError):
    """The expression asks for more than its limits allow."""

    code = "feel_limit"
