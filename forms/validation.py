"""From a post to a submission: what was answered, and what is wrong with it.

`data` holds accepted answers of visible questions alone; nothing posted raises.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from forms.flattening import flattened
from forms.labels import full_label
from forms.limits import POSTED_KEYS, SLOW_ANSWERS
from forms.messages import FormError, error
from forms.model import ASKED, INPUTS, Component, Form, Kind
from forms.moments import Today
from forms.paths import Path, dig, dotted, put
from forms.reading import Reading, read
from forms.rules import email_address, phone_number, verdict
from forms.scope import Evaluate, Patience, Scope
from forms.settling import Place, settle, visible_data, walk
from forms.values import Ground, empty


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line of the summary of errors, in the order of the page."""

    path: str
    label: str
    error: FormError


@dataclass(frozen=True, slots=True)
class Submission:
    """The outcome: JSON-able `data`, and errors by path ('' for the whole form).

    `entered` is what to show again: answers of visible questions as they came, accepted or not.
    """

    data: dict[str, object]
    errors: dict[str, FormError]
    summary: tuple[Complaint, ...]
    entered: dict[str, object]


def validate(
    form: Form,
    raw: Mapping[str, list[str]],
    evaluate: Evaluate,
    context: Mapping[str, object] | None = None,
    zone: tzinfo = UTC,
) -> Submission:
    """Check a posted form.

    `context` is what is known already (JSON-able): expressions see it, and readonly and disabled
    fields, and those that were not on the page, take their values from it.
    """
    if len(raw) > POSTED_KEYS:
        return _refused()
    patient = Patience(evaluate)
    ground = Ground(context or {}, this_day(patient, zone))
    reading = read(form, raw, ground)
    settled = settle(form, reading.values, patient, ground)
    scope = Scope(visible_data(settled, ground.known), patient)
    places = [place for place in walk(form.components, scope) if not place.hidden]
    complaints = tuple(_complaints(places, settled, reading, ground.today))
    if patient.is_over:  # some conditions were not judged: what was typed is kept, not accepted
        complaints = (Complaint("", "", error("too_large")), *complaints)
    errors = {complaint.path: complaint.error for complaint in complaints}
    data = _accepted(places, settled, errors)
    return Submission(data, errors, complaints, _entered(places, settled, reading.typed))


def validate_json(
    form: Form,
    data: Mapping[str, object],
    evaluate: Evaluate,
    context: Mapping[str, object] | None = None,
    zone: tzinfo = UTC,
) -> Submission:
    """Check answers that come as JSON, by the same rules."""
    raw = flattened(data)
    return _refused() if raw is None else validate(form, raw, evaluate, context, zone)


def this_day(evaluate: Evaluate, zone: tzinfo) -> Today:
    """Today as FEEL says, so that a moved clock moves forms too."""
    day = evaluate("today()", {})
    return Today(day if isinstance(day, date) else date.min.replace(year=2000), zone)


def _refused() -> Submission:
    too_large = error("too_large")
    return Submission({}, {"": too_large}, (Complaint("", "", too_large),), {})


def _complaints(
    places: list[Place], settled: Mapping[str, object], reading: Reading, today: Today
) -> Iterator[Complaint]:
    patience = SLOW_ANSWERS
    for place in places:
        if _is_answered(place) and patience:
            name = dotted(place.path)
            problem = reading.errors.get(name) or _verdict(place, settled, today)
            if problem is not None:
                patience -= problem.code == "pattern_timeout"
                named = full_label(place.component, place.scope)
                yield Complaint(name, named, problem)


def _is_answered(place: Place) -> bool:
    """Whether a person answers here: not what is disabled, readonly or computed."""
    component = place.component
    if component.kind is Kind.DYNAMICLIST:
        return True
    asked = component.kind in ASKED and not component.disabled
    return asked and place.scope.value(component.readonly) is not True


def _verdict(place: Place, settled: Mapping[str, object], today: Today) -> FormError | None:
    return verdict(place.component, dig(settled, place.path), place.scope, today)


def _accepted(
    places: list[Place], settled: Mapping[str, object], errors: Mapping[str, FormError]
) -> dict[str, object]:
    data: dict[str, object] = {}
    for place in places:
        component, value = place.component, dig(settled, place.path)
        if component.kind is Kind.DYNAMICLIST:
            put(data, place.path, _rows(value))
        elif component.kind in INPUTS and not component.disabled:
            wrong = dotted(place.path) in errors
            put(data, place.path, empty(component) if wrong else _normal(component, value))
    return data


def _entered(
    places: list[Place], settled: Mapping[str, object], typed: Mapping[Path, str]
) -> dict[str, object]:
    entered: dict[str, object] = {}
    for place in places:
        value = dig(settled, place.path)
        if place.component.kind is Kind.DYNAMICLIST:
            put(entered, place.path, _rows(value))
        elif place.component.kind in INPUTS:
            kept = typed.get(place.path) if _is_answered(place) else None
            put(entered, place.path, value if kept is None else kept)
    return entered


def _rows(value: object) -> list[object]:
    return [{} for _ in value] if isinstance(value, list) else []


def _normal(component: Component, value: object) -> object:
    """Phone numbers as E.164 and e-mail addresses in their normal form."""
    kind = component.limits.get("validationType")
    if component.kind is not Kind.TEXTFIELD or not isinstance(value, str) or not value:
        return value
    if kind == "phone":
        return phone_number(value, component.properties.get("region")) or value
    return (email_address(value) or value) if kind == "email" else value
