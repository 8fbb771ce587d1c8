"""Which characters the fonts can show; the others are replaced before a document is made.

Archival PDF refuses a character without a glyph, and a customer's emoji must not stop a letter.
What was really written stays in the answers and in the attachment.
"""

import functools
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools has no types.

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
INVISIBLE = frozenset("\n\r\t\u200b\u200c\u200d\ufeff\u00ad")
"""Characters that steer the text and need no glyph."""


@functools.lru_cache(maxsize=4)
def coverage(folder: Path) -> frozenset[int]:
    """The code points that the fonts in the folder can show; FileNotFoundError without fonts."""
    paths = sorted(folder.glob("*.ttf"))
    if not paths:
        raise FileNotFoundError(folder)
    covered: set[int] = set()
    for path in paths:
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)


def legible(value: object, covered: frozenset[int]) -> object:
    """The same value with every character that has no glyph replaced, at any depth."""
    if isinstance(value, str):
        return _legible_text(value, covered)
    if isinstance(value, dict):
        return {str(key): legible(item, covered) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [legible(item, covered) for item in value]
    return value


def _legible_text(text: str, covered: frozenset[int]) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join(
        character if ord(character) in covered or character in INVISIBLE else REPLACEMENT
        for character in composed
    )
