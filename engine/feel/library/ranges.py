"""Functions that relate points and ranges to each other (DMN 1.5, table 78)."""

from collections.abc import Callable

from engine.feel.errors import FeelSyntaxError
from engine.feel.library.registry import builtin
from engine.feel.operators import both, compare, either, equal
from engine.feel.parser import parse
from engine.feel.syntax import Call, Interval, Literal, Negate, Node
from engine.feel.values import Range, Value

Verdict = bool | None


def _related(
    name: str, first: str, second: str
) -> Callable[[Callable[[Range, Range], Verdict]], None]:
    """Enter a relation whose sides may be points; a point counts as a range of itself."""

    def enter(body: Callable[[Range, Range], Verdict]) -> None:
        def run(one: Value, other: Value) -> Value:
            return body(_as_range(one), _as_range(other))

        builtin(name, f"{first}: any, {second}: any")(run)

    return enter


def _as_range(value: Value) -> Range:
    if value is None:
        raise ValueError
    return value if isinstance(value, Range) else Range(value, value)


def _ends_before(one: Range, other: Range) -> Verdict:
    """Whether all of one lies below all of the other."""
    if one.end is None or other.start is None:
        return False
    touching = not (one.end_included and other.start_included)
    return compare("<=" if touching else "<", one.end, other.start)


@builtin("range", "from: string")
def _range(text: str) -> Value:
    """The range a text spells, of constants only."""
    try:
        node = parse(text)
    except FeelSyntaxError:
        return None
    if not isinstance(node, Interval) or not all(map(_is_constant, (node.start, node.end))):
        return None
    from engine.feel import expressions  # they know the library, which is read before

    found = expressions.evaluate(text, {})
    if not isinstance(found, Range) or found.start is None or found.end is None:
        return found
    return found if compare("<=", found.start, found.end) else None


def _is_constant(end: Node | None) -> bool:
    """A literal, or a date or the like made of one text."""
    if isinstance(end, Call):
        return all(
            isinstance(one, Literal) and isinstance(one.value, str) for one in end.arguments
        )
    return end is None or isinstance(end.operand if isinstance(end, Negate) else end, Literal)


@_related("before", "range1", "range2")
def _before(one: Range, other: Range) -> Verdict:
    return _ends_before(one, other)


@_related("after", "range1", "range2")
def _after(one: Range, other: Range) -> Verdict:
    return _ends_before(other, one)


def _touch(one: Range, other: Range) -> Verdict:
    if one.end is None or other.start is None:
        return False
    return both((one.end_included, other.start_included, equal(one.end, other.start)))


@builtin("meets", "range1: range, range2: range")
def _meets(one: Range, other: Range) -> Value:
    return _touch(one, other)


@builtin("met by", "range1: range, range2: range")
def _met_by(one: Range, other: Range) -> Value:
    return _touch(other, one)


def _overlap(one: Range, other: Range) -> Verdict:
    apart = either((_ends_before(one, other), _ends_before(other, one)))
    return None if apart is None else not apart


@builtin("overlaps", "range1: range, range2: range")
def _overlaps(one: Range, other: Range) -> Value:
    return _overlap(one, other)


def _starts_below(one: Range, other: Range) -> Verdict:
    """Whether one begins before the other."""
    if one.start is None or other.start is None:
        return one.start is None and other.start is not None
    first = one.start_included and not other.start_included
    return compare("<=" if first else "<", one.start, other.start)


def _ends_below(one: Range, other: Range) -> Verdict:
    """Whether one ends before the other."""
    if one.end is None or other.end is None:
        return other.end is None and one.end is not None
    last = other.end_included and not one.end_included
    return compare("<=" if last else "<", one.end, other.end)


@builtin("overlaps before", "range1: range, range2: range")
def _overlaps_before(one: Range, other: Range) -> Value:
    return both((_overlap(one, other), _starts_below(one, other), _not(_ends_below(other, one))))


@builtin("overlaps after", "range1: range, range2: range")
def _overlaps_after(one: Range, other: Range) -> Value:
    return both((_overlap(one, other), _starts_below(other, one), _not(_ends_below(one, other))))


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict


def _covers(whole: Range, part: Range) -> Verdict:
    return both((_not(_starts_below(part, whole)), _not(_ends_below(whole, part))))


@_related("includes", "range", "point")
def _includes(whole: Range, part: Range) -> Verdict:
    return _covers(whole, part)


@_related("during", "point", "range")
def _during(part: Range, whole: Range) -> Verdict:
    return _covers(whole, part)


def _same_start(one: Range, other: Range) -> Verdict:
    return both((one.start_included == other.start_included, equal(one.start, other.start)))


def _same_end(one: Range, other: Range) -> Verdict:
    return both((one.end_included == other.end_included, equal(one.end, other.end)))


@_related("starts", "point", "range")
def _starts(part: Range, whole: Range) -> Verdict:
    return both((_same_start(part, whole), _covers(whole, part)))


@_related("started by", "range", "point")
def _started_by(whole: Range, part: Range) -> Verdict:
    return both((_same_start(part, whole), _covers(whole, part)))


@_related("finishes", "point", "range")
def _finishes(part: Range, whole: Range) -> Verdict:
    return both((_same_end(part, whole), _covers(whole, part)))


@_related("finished by", "range", "point")
def _finished_by(whole: Range, part: Range) -> Verdict:
    return both((_same_end(part, whole), _covers(whole, part)))


@_related("coincides", "range1", "range2")
def _coincides(one: Range, other: Range) -> Verdict:
    return both((_same_start(one, other), _same_end(one, other)))
