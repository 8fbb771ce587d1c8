"""Functions of strings (DMN 1.5, table 75); positions count characters from 1."""

from decimal import Decimal

from engine.feel import texts
from engine.feel.library.registry import builtin
from engine.feel.limits import spend_text
from engine.feel.values import Value


@builtin("string", "from: any")
def _string(value: Value) -> Value:
    return None if value is None else texts.to_text(value)


@builtin("string length", "string: string")
def _length(text: str) -> Value:
    return Decimal(len(text))


@builtin("substring", "string: string, start position: number, length: number?")
def _substring(text: str, start: Decimal, length: Decimal | None) -> Value:
    place = int(start)
    begin = place - 1 if place > 0 else len(text) + place
    if place == 0 or begin < 0 or begin >= len(text):
        return "" if begin >= len(text) else None
    if length is None:
        return text[begin:]
    return text[begin : begin + int(length)] if length >= 1 else None


@builtin("upper case", "string: string")
def _upper(text: str) -> Value:
    spend_text(len(text))
    return text.upper()


@builtin("lower case", "string: string")
def _lower(text: str) -> Value:
    spend_text(len(text))
    return text.lower()


@builtin("trim", "string: string")
def _trim(text: str) -> Value:
    spend_text(len(text))
    return text.strip()


@builtin("contains", "string: string, match: string")
def _contains(text: str, match: str) -> Value:
    spend_text(len(text))
    return match in text


@builtin("starts with", "string: string, match: string")
def _starts(text: str, match: str) -> Value:
    spend_text(len(match))
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def _ends(text: str, match: str) -> Value:
    spend_text(len(match))
    return text.endswith(match)


@builtin("substring before", "string: string, match: string")
def _before(text: str, match: str) -> Value:
    spend_text(len(text))
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def _after(text: str, match: str) -> Value:
    spend_text(len(text))
    return text.partition(match)[2] if match else text


@builtin("string join", "list: list, delimiter: string?")
def _join(items: list[Value], delimiter: str | None) -> Value:
    parts = [item for item in items if isinstance(item, str)]
    if len(parts) != sum(item is not None for item in items):
        return None
    glue = delimiter or ""
    spend_text(sum(map(len, parts)) + len(glue) * len(parts))
    return glue.join(parts)


@builtin("is blank", "string: string")
def _is_blank(text: str) -> Value:
    return not text.strip()
