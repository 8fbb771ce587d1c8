"""The parser's place in the tokens, and the names made of several of them.

A name is the longest known one that fits; failing that, as many words as stand side by side,
for two words without an operator between them can mean nothing else.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.feel.errors import FeelLimitError, FeelSyntaxError
from engine.feel.lexer import Token, tokens
from engine.feel.limits import MAX_NESTING
from engine.feel.syntax import TypeName

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "function",
        "true",
        "false",
        "null",
    ]
)
CALLED = (("date", "and", "time"), ("years", "and", "months", "duration"))
TYPES = (*CALLED, ("days", "and", "time", "duration"))
NO_TYPES: Mapping[str, TypeName] = MappingProxyType({})
Phrase = tuple[str, ...]


class Cursor:
    """Tokens of one text and how far they are read."""

    def __init__(
        self, text: str, names: Iterable[str], types: Mapping[str, TypeName] = NO_TYPES
    ) -> None:
        self.text = text
        self.types = types
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0
        self.phrases: dict[str, list[tuple[Phrase, str]]] = {}
        for name in names:
            self.learn(name)

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        """The token `count` after the next one; the last one beyond the end."""
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def advance(self) -> Token:
        """Read the next token."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators or words."""
        return self.token.text in texts and self.token.kind in ("op", "name")

    def take(self, text: str) -> bool:
        """Read the next token if it is this one."""
        if not self.at(text):
            return False
        self.index += 1
        return True

    def need(self, text: str) -> None:
        """Read this token; FeelSyntaxError if another one follows."""
        if not self.take(text):
            raise self.error(f"Expected {text!r}")

    def error(self, reason: str) -> FeelSyntaxError:
        """The error to raise at the next token."""
        found = repr(self.token.text) if self.token.kind != "end" else "the end"
        return FeelSyntaxError(f"{reason}, found {found}", self.token.position)

    def enter(self) -> None:
        """Go one bracket deeper."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelLimitError("The expression is nested too deeply.")

    def leave(self) -> None:
        """Come back from `enter`."""
        self.depth -= 1

    def learn(self, name: str) -> None:
        """Know a name that words alone would not make up, such as `a-b` or `this or that`."""
        try:
            phrase = tuple(token.text for token in tokens(name)[:-1])
        except (FeelSyntaxError, FeelLimitError):
            return
        if len(phrase) > 1:
            known = self.phrases.setdefault(phrase[0], [])
            known.append((phrase, name))
            known.sort(key=lambda entry: -len(entry[0]))

    def name(self) -> str:
        """Read a name."""
        if self.token.kind != "name":
            raise self.error("Expected a name")
        for phrase, name in self.phrases.get(self.token.text, ()):
            if self._follows(phrase):
                self.index += len(phrase)
                return name
        for phrase in CALLED:
            if self._follows(phrase) and self.ahead(len(phrase)).text == "(":
                self.index += len(phrase)
                return " ".join(phrase)
        return self._words()

    def type_name(self) -> str:
        """Read the name of a type, which may be qualified by dots."""
        for phrase in TYPES:
            if self._follows(phrase):
                self.index += len(phrase)
                return " ".join(phrase)
        parts = [self.name() if not self.at("function", "null") else self.advance().text]
        while self.take("."):
            parts.append(self.name())
        return ".".join(parts)

    def key(self, *, until: str) -> str:
        """Read whatever stands before `until` as one name, and know it from now on."""
        start = self.index
        while not self.at(until) and self.token.kind not in ("end", "string"):
            if self.at("{", "}", "[", "]", "(", ")", ","):
                break
            self.index += 1
        if self.index == start or not self.at(until):
            raise self.error(f"Expected a name and {until!r}")
        end = self.tokens[self.index - 1].end
        name = " ".join(self.text[self.tokens[start].position : end].split())
        self.learn(name)
        return name

    def _follows(self, phrase: Phrase) -> bool:
        following = self.tokens[self.index : self.index + len(phrase)]
        return all(
            token.text == text and token.kind != "string"
            for token, text in zip(following, phrase, strict=False)
        ) and len(following) == len(phrase)

    def _words(self) -> str:
        if self.token.text in KEYWORDS:
            raise self.error("Expected a name")
        words = [self.advance().text]
        while self.token.kind == "name" and self.token.text not in KEYWORDS:
            words.append(self.advance().text)
        return " ".join(words)
