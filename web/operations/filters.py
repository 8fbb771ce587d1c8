"""What a list of operations is asked to show."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from engine.errors import InvalidError

S = TypeVar("S", bound=StrEnum)


def state(states: type[S]) -> S | None:
    """The state in the address; None for none. Raises InvalidError for one that is not known."""
    wanted = request.args.get("state")
    if not wanted:
        return None
    if wanted not in set(states):
        raise InvalidError("There is no such state.")
    return states(wanted)
