"""Passwords as argon2id hashes, with the parameters of RFC 9106 for little memory.

Checking takes the same work whether or not there is something to check against.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 8
MOST_LENGTH = 1024  # hashing longer ones would only cost time
_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep."""
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one `kept` was made of; False for None, after equal work."""
    try:
        _hasher.verify(kept or _nobodys(), password[:MOST_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash nobody has the password of."""
    return _hasher.hash("nobody")
