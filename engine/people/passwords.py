"""Passwords as argon2id hashes, with the parameters of RFC 9106 for little memory.

Checking takes the same work whether or not there is something to check against.
"""

from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_LENGTH = 8
FEWEST_SIGNS = 4  # different ones
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


def is_easy(password: str, name: str = "") -> bool:
    """Whether it is the account's name with little else, or hardly more than one sign or a row.

    A list of leaked passwords would find more; none is shipped.
    """
    plain = password.casefold()
    rest = plain.replace(name.casefold(), "") if name else plain
    in_a_row = sum(abs(ord(one) - ord(next_)) <= 1 for one, next_ in pairwise(plain))
    return (
        len(rest) < LEAST_LENGTH // 2
        or len(set(plain)) < FEWEST_SIGNS
        or (in_a_row > len(plain) * 2 // 3)
    )


def outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """A hash nobody has the password of."""
    return _hasher.hash("nobody")
