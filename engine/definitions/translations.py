"""Whether a bundle says everything in each of its languages; what is missing is a warning.

A text that is missing is shown in the bundle's first language, so nothing breaks without it.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping

import forms
from engine.definitions.request_types import read_texts
from engine.findings import Finding, Severity

FORM = ".form.json"
MESSAGES = "messages/"
NOT_WORDS = frozenset({"icon"})
NAMED = 5  # of what is missing; the rest is counted


def check(files: Mapping[str, bytes], locales: list[str]) -> Iterator[Finding]:
    """One finding for each file in which words are missing, and for each missing message.

    Forms and messages have passed their own checks before.
    """
    first, *others = locales
    wanted = (read_texts(files, first).keys() | set(_form_texts(files))) - NOT_WORDS
    for locale in others:
        missing = sorted(wanted - read_texts(files, locale).keys())
        if missing:
            yield _warning(f"texts/{locale}.toml", f"Not translated: {_some(missing)}.")
        yield from _messages(files, first, locale)


def _form_texts(files: Mapping[str, bytes]) -> Iterator[str]:
    """The keys of the words in forms; an expression says the same in every language."""
    for path in sorted(files):
        if path.startswith("forms/") and path.endswith(FORM):
            form = forms.parse(json.loads(files[path]))
            for component in form.every_component():
                words = (key for key, text in component.texts.items() if not text.startswith("="))
                yield from (f"{component.id}.{key}" for key in words)


def _messages(files: Mapping[str, bytes], first: str, locale: str) -> Iterator[Finding]:
    suffix = f".{first}.toml"
    for path in sorted(files):
        if not path.startswith(MESSAGES) or not path.endswith(suffix):
            continue
        other = path.removesuffix(suffix) + f".{locale}.toml"
        if other not in files:
            yield _warning(other, f"The message is not translated; {path} is sent.")
            continue
        missing = sorted(_channels(files[path]) - _channels(files[other]))
        if missing:
            yield _warning(other, f"Not written for {', '.join(missing)}.")


def _channels(content: bytes) -> set[str]:
    return set(tomllib.loads(content.decode()))


def _some(keys: list[str]) -> str:
    rest = len(keys) - NAMED
    return ", ".join(keys[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _warning(path: str, message: str) -> Finding:
    return Finding(path, None, "translation", Severity.WARNING, message)
