"""What message and document templates see of a case, in plain values.

Nothing in here is a secret or a row. Messages format moments themselves; documents get them
ready to print.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

import forms
from engine import feel
from engine.cases import numbers, sandbox, writing
from engine.settings import Settings
from tasks.handlers.context import Case
from tasks.handlers.unlinked import unlinked

EVALUATE = forms.guarded(feel.evaluate, feel.FeelError)
PAGES = {"home": "/", "inbox": "/inbox"}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def of_message(
    case: Case, settings: Settings, parameters: Mapping[str, object]
) -> dict[str, object]:
    """For a message; `job` holds the service task's own parameters.

    What was stated by somebody outside cannot become a link.
    """
    stated = partial(unlinked, ours=settings.public_url.rstrip("/"))
    return {
        "request": _request(case),
        "answers": stated(case.request.answers),
        "customer": {
            "name": stated(_name(case)),
            "cin": numbers.display(case.customer.cin),
            "email": case.request.email or "",
            "phone": case.request.phone or "",
        },
        "provider": _provider(settings),
        "service": {"name": case.request_type.name(case.request.locale)},
        "texts": case.request_type.texts(case.request.locale),
        "links": links(case, settings),
        "job": stated({"data": {}, **parameters}),
    }


def of_document(
    case: Case, settings: Settings, data: object, moment: datetime
) -> dict[str, object]:
    """For a document that is written at `moment`; `data` is the service task's own."""
    locale, zone = case.request.locale, settings.provider_timezone
    shown = partial(sandbox.moment, locale=locale, zone=zone)
    texts = case.request_type.texts(locale)
    form = case.request_type.application_form.translated(texts)
    write = partial(writing.answer, locale=locale, zone=zone)
    answered = forms.answers(form, case.request.answers, EVALUATE, write)
    readable = partial(_readable, order=_order(answered), locale=locale, zone=zone)
    provider = _provider(settings)
    lines = [provider[part] for part in ("address", "phone", "email") if provider[part]]
    return {
        "provider": {"name": settings.provider_name, "lines": lines},
        "number": numbers.display(case.request.number),
        "cin": numbers.display(case.customer.cin),
        "recipient": [_name(case), *_lines(readable(case.customer.record.get("address")))],
        "service": case.request_type.name(case.request.locale),
        "sections": _sections(answered),
        "answers": case.request.answers,
        "texts": dict(texts),
        "submitted": shown(case.request.submitted_at),
        "due": shown(case.request.due_at),
        "done": shown(moment),
        "date": sandbox.day(moment, locale=locale, zone=zone),
        "data": readable(data),
    }


def links(case: Case, settings: Settings) -> dict[str, str]:
    """The pages a message may name."""
    fixed = {name: page(settings, path) for name, path in PAGES.items()}
    return {**fixed, "track": tracking(case, settings)}


def tracking(case: Case, settings: Settings) -> str:
    """Where the customer can follow the request."""
    return page(settings, f"/track/{case.request.number}")


def page(settings: Settings, path: str) -> str:
    """The absolute address of a page."""
    return settings.public_url.rstrip("/") + path


def _request(case: Case) -> Mapping[str, object]:
    request = case.request
    return {
        "number": numbers.display(request.number),
        "status": request.state.value,
        "level": request.escalation_level,
        "locale": request.locale,
        "submitted_at": request.submitted_at,
        "due_at": request.due_at,
        "promised_at": request.promised_at,
    }


def _name(case: Case) -> str:
    return case.request_type.applicant(case.request.answers).name or case.customer.name


def _provider(settings: Settings) -> dict[str, str]:
    """Who offers the service; what is not set is an empty text."""
    return {
        "name": settings.provider_name,
        "email": settings.provider_email or "",
        "phone": settings.provider_phone or "",
        "address": settings.provider_address or "",
        "url": settings.public_url,
    }


def _lines(address: object) -> list[str]:
    parts = address.values() if isinstance(address, Mapping) else (address,)
    return [str(part) for part in parts if part]


def _sections(answered: Iterable[forms.Answer]) -> list[dict[str, object]]:
    """The answers as the customer read them back, by section."""
    return [
        {"title": title, "pairs": [[answer.label, answer.value] for answer in group]}
        for title, group in groupby(answered, key=lambda answer: answer.section)
    ]


def _order(answered: Iterable[forms.Answer]) -> dict[str, int]:
    """The place of each name in the form: the database keeps no order of names."""
    return {answer.path.rpartition(".")[2]: place for place, answer in enumerate(answered)}


def _readable(value: object, *, order: Mapping[str, int], locale: str, zone: ZoneInfo) -> object:
    """The value with its names in the form's order and its dates as people write them."""
    again = partial(_readable, order=order, locale=locale, zone=zone)
    if isinstance(value, Mapping):
        names = sorted(value, key=lambda name: order.get(str(name), len(order)))
        return {name: again(value[name]) for name in names}
    if isinstance(value, list):
        return [again(entry) for entry in value]
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        return sandbox.day(value, locale=locale, zone=zone)
    return value
