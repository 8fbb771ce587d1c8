"""Stated texts as messages may carry them: no mail reader makes a link of what stands in them.

Whoever applies chooses their name and answers, and our mail would lend them our name. A blank is
put where an address needs none; nothing is taken away. Our own pages stay whole.
"""

import re
from collections.abc import Mapping

DOTS = ".\u3002\uff0e\uff61"  # what a browser reads as a dot in a name
SCHEME = re.compile(r"(?<![\w+.-])([a-z][a-z0-9+.-]*:)(?=\S)|(://)(?=\S)", re.IGNORECASE)
BARE = re.compile(
    rf"(?<=[\w-])[{DOTS}](?=[^\W\d]{{2}})"  # example.org, and each dot of www.example.org
    rf"|(?<=[\w-])[{DOTS}](?=[\w-]+[/:?#\\])"  # 192.168.0.1/path
    rf"|(?<=\d)[{DOTS}](?=\d+[{DOTS}]\d+[{DOTS}]\d)"  # 192.168.0.1
    rf"|(?<=www)[{DOTS}](?=\S)",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[\w.+-]+@[\w.-]+\w|\w[\w-]*\.(?:pdf|jpe?g|png|heic|webp)", re.IGNORECASE)
OUR_PATH = re.compile(r"(?:/[\w/~-]*)?[.,;!?)]*")  # a page of ours, and the end of a sentence


def unlinked(value: object, ours: str) -> object:
    """The value with every web address in it broken, but those of pages of `ours`."""
    if isinstance(value, str):
        return "".join(_broken(word, ours) for word in re.split(r"(\s)", value))
    if isinstance(value, Mapping):
        return {name: unlinked(each, ours) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [unlinked(each, ours) for each in value]
    return value


def _broken(word: str, ours: str) -> str:
    is_ours = word.startswith(ours) and OUR_PATH.fullmatch(word, len(ours))
    if is_ours or PLAIN.fullmatch(word):
        return word
    apart = BARE.sub(lambda dot: dot[0] + " ", word)
    return SCHEME.sub(_without_scheme, apart)


def _without_scheme(found: re.Match[str]) -> str:
    return f"{found[1]} " if found[1] else ": //"
