"""Patterns of XPath, as the standard wants them, to those of the `regex` module.

What XPath does not know (looking around, recursion, fuzziness) is no pattern here either. The
size of a pattern with its repetitions written out is limited, for that is what compiling costs.
"""

from engine.feel.errors import FeelLimitError

MAX_EXPANDED = 20_000  # characters of a pattern with its repetitions written out
MAX_GROUPS = 50  # inside each other
_BLANKS = " \t\n\r"
_CLASSES = {"i": r":_\p{L}", "c": r"\-.:_\p{L}\p{N}\p{M}"}
_SIGNS = "&|~"  # of the module's operations on sets


def translated(pattern: str, flags: str) -> str:
    """The pattern for `regex` with VERSION1; ValueError for one that is none of XPath.

    Raises FeelLimitError when it would be too large.
    """
    source = _without_blanks(pattern) if "x" in flags else pattern
    dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"
    return _Translation(source, dot, "$" if "m" in flags else r"\Z").whole()


def _without_blanks(pattern: str) -> str:
    """Blanks outside of classes mean nothing, not even after a backslash."""
    kept: list[str] = []
    depth = 0
    for place, character in enumerate(pattern):
        escaped = place > 0 and pattern[place - 1] == "\\"
        if character == "[" and not escaped:
            depth += 1
        elif character == "]" and not escaped:
            depth -= 1
        if depth > 0 or character not in _BLANKS:
            kept.append(character)
    return "".join(kept)


class _Translation:
    """One pattern on its way; `sizes` are the written-out sizes of the open groups."""

    def __init__(self, source: str, dot: str, end: str) -> None:
        self.source = source
        self.place = 0
        self.dot = dot
        self.end = end
        self.sizes = [0]
        self.last = 0  # size of what a quantifier would repeat, 0 if there is nothing
        self.parts: list[str] = []
        self.rules = {
            "(": self._open,
            ")": self._close,
            "{": self._counted,
            ".": self._any,
            "[": self._class,
            "\\": self._escaped,
        }

    def whole(self) -> str:
        while self.place < len(self.source):
            self.parts.append(self._next())
        if len(self.sizes) > 1:
            raise ValueError(self.source)
        return "".join(self.parts)

    def _take(self) -> str:
        if self.place >= len(self.source):
            raise ValueError(self.source)
        self.place += 1
        return self.source[self.place - 1]

    def _next(self) -> str:
        character = self._take()
        if character in "*+?":
            return self._quantified(character, 2)
        if character in "|^$":
            self.last = 0
            return self.end if character == "$" else character
        rule = self.rules.get(character)
        if rule is not None:
            return rule()
        self._atom(1)
        return character

    def _any(self) -> str:
        self._atom(1)
        return self.dot

    def _class(self) -> str:
        self._atom(1)
        return self._set()

    def _escaped(self) -> str:
        self._atom(1)
        return self._escape(in_set=False)

    def _atom(self, size: int) -> None:
        self.sizes[-1] += size
        self.last = size
        if sum(self.sizes) > MAX_EXPANDED:
            raise FeelLimitError("A pattern is too large.")

    def _open(self) -> str:
        self.sizes.append(0)
        self.last = 0
        if len(self.sizes) > MAX_GROUPS:
            raise FeelLimitError("A pattern is nested too deeply.")
        if not self.source.startswith("?", self.place):
            return "("
        if not self.source.startswith("?:", self.place):
            raise ValueError(self.source)
        self.place += 2
        return "(?:"

    def _close(self) -> str:
        if len(self.sizes) == 1:
            raise ValueError(self.source)
        self._atom(self.sizes.pop() + 1)
        return ")"

    def _quantified(self, text: str, count: int) -> str:
        """A quantifier, perhaps a reluctant one; of nothing, or of another one, it is wrong."""
        if self.last == 0:
            raise ValueError(self.source)
        self._atom(self.last * max(count - 1, 0))
        self.last = 0
        if self.source.startswith("?", self.place):
            self.place += 1
            return text + "?"
        return text

    def _counted(self) -> str:
        end = self.source.find("}", self.place)
        low, comma, high = self.source[self.place : end].partition(",")
        if end < 0 or not low.isdecimal() or not (high == "" or high.isdecimal()):
            raise ValueError(self.source)
        self.place = end + 1
        if max(len(low), len(high)) > len(str(MAX_EXPANDED)):
            raise FeelLimitError("A pattern is too large.")
        return self._quantified(f"{{{low}{comma}{high}}}", max(int(low), int(high or "0")))

    def _set(self) -> str:
        """A class, with subtraction of another one at its end: [a-z-[aeiou]]."""
        text = "["
        if self.source.startswith("^", self.place):
            self.place += 1
            text += "^"
        while (character := self._take()) != "]" or text in ("[", "[^"):
            if character == "-" and self.source.startswith("[", self.place):
                self.place += 1
                return self._subtracted(text)
            text += self._member(character)
        return text + "]"

    def _subtracted(self, text: str) -> str:
        inner = self._set()
        if self._take() != "]":
            raise ValueError(self.source)
        return f"[{text}]--{inner}]"

    def _member(self, character: str) -> str:
        if character == "\\":
            return self._escape(in_set=True)
        if character == "[":
            raise ValueError(self.source)
        return "\\" + character if character in _SIGNS else character

    def _escape(self, *, in_set: bool) -> str:
        character = self._take()
        if character.isdecimal() and (in_set or character == "0"):
            raise ValueError(self.source)
        if character in _CLASSES:
            return _CLASSES[character] if in_set else f"[{_CLASSES[character]}]"
        if character.lower() in "iclkgxrhab" and not character.isdecimal():
            raise ValueError(self.source)
        if character in "pP":
            return "\\" + character + self._property()
        return "\\" + character

    def _property(self) -> str:
        """A category, or a block, whose IsBasicLatin is called InBasicLatin by the module."""
        end = self.source.find("}", self.place)
        if not self.source.startswith("{", self.place) or end < 0:
            raise ValueError(self.source)
        name = self.source[self.place + 1 : end]
        self.place = end + 1
        return "{" + ("In" + name[2:] if name.startswith("Is") else name) + "}"
