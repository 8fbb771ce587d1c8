"""Numbers as people type them: exact, with a comma or a point, in the digits of any script."""

import re
from decimal import Decimal

from forms.errors import UnreadableError
from forms.limits import DIGITS
from forms.messages import error
from forms.tokens import plain

_IGNORED = re.compile(r"[\s'\u2019\u00a0\u202f]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{2,3})+(\.\d+)?|[+-]?\d{1,3}(\.\d{3}){2,}(,\d+)?")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+")
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def read(text: str) -> Decimal:
    """The number a person typed; raises UnreadableError with what to say."""
    bare = _IGNORED.sub("", text).replace("\u2212", "-")
    if _AMBIGUOUS.fullmatch(bare):
        raise UnreadableError(error("number_ambiguous"))
    pointed = _pointed(bare)
    if not _NUMBER.fullmatch(pointed):
        raise UnreadableError(error("number"))
    if sum(character.isdigit() for character in pointed) > DIGITS:
        raise UnreadableError(error("number_digits"))
    return Decimal(pointed)


def to_json(number: Decimal) -> int | float:
    """The number for JSON; raises UnreadableError if its digits would not survive."""
    if number == number.to_integral_value():
        return int(number)
    nearest = float(number)
    if Decimal(repr(nearest)) != number:
        raise UnreadableError(error("number_digits"))
    return nearest


def text_of(number: Decimal) -> str:
    """The number as text, every digit kept."""
    return plain(number)


def _pointed(bare: str) -> str:
    """The number with a point before its decimals and nothing between its thousands."""
    if _POINT_GROUPS.fullmatch(bare) or (_THOUSANDS.fullmatch(bare) and bare.count(".") > 1):
        return bare.replace(".", "").replace(",", ".")
    if _THOUSANDS.fullmatch(bare) and (bare.count(",") > 1 or "." in bare):
        return bare.replace(",", "")
    return bare.replace(",", ".") if bare.count(",") == 1 and "." not in bare else bare
