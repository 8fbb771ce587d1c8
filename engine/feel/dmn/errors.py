"""What can go wrong with a decision model."""

from engine.feel.errors import FeelError


class DmnError(FeelError):
    """The decision model cannot be used."""

    code = "dmn_error"
