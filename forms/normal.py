"""Text as it is kept: NFC, without control characters and without marks that reorder a line."""

import re
import unicodedata

_BLANKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
_NEWLINES = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def line(text: str) -> str:
    """The text of a single line: newlines and tabs become blanks, its ends are trimmed."""
    return _clean(_BLANKS.sub(" ", text)).strip()


def lines(text: str) -> str:
    """The text of several lines, ended by a newline character alone."""
    return _clean(_NEWLINES.sub("\n", text)).strip()


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", _DROPPED.sub("", text))
