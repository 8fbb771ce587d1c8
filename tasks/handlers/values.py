"""What message and document templates see of a case, in plain values.

Nothing in here is a secret or a row. Messages format moments themselves; documents get them
ready to print.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby

import forms
from engine import feel
from engine.cases import numbers, sandbox
from engine.settings import Settings
from tasks.handlers.context import Case

EVALUATE = forms.guarded(feel.evaluate, feel.FeelError)
PAGES = {"home": "/", "track": "/track", "inbox": "/inbox"}


def of_message(
    case: Case, settings: Settings, parameters: Mapping[str, object]
) -> dict[str, object]:
    """For a message; `job` holds the service task's own parameters."""
    return {
        "request": _request(case),
        "answers": case.request.answers,
        "customer": {
            "name": _name(case),
            "cin": numbers.display(case.customer.cin),
            "email": case.request.email or "",
            "phone": case.request.phone or "",
        },
        "provider": _provider(settings),
        "service": {"name": case.request_type.name(case.request.locale)},
        "texts": case.request_type.texts(case.request.locale),
        "links": links(settings),
        "job": {"data": {}, **parameters},
    }


def of_document(
    case: Case, settings: Settings, data: object, moment: datetime
) -> dict[str, object]:
    """For a document that is written at `moment`; `data` is the service task's own."""

    def shown(value: datetime) -> str:
        return sandbox.moment(value, case.request.locale, settings.provider_timezone)

    provider = _provider(settings)
    lines = [provider[part] for part in ("address", "phone", "email") if provider[part]]
    return {
        "provider": {"name": settings.provider_name, "lines": lines},
        "number": numbers.display(case.request.number),
        "cin": numbers.display(case.customer.cin),
        "recipient": [_name(case), *_address(case.customer.record.get("address"))],
        "service": case.request_type.name(case.request.locale),
        "sections": _sections(case),
        "answers": case.request.answers,
        "texts": dict(case.request_type.texts(case.request.locale)),
        "submitted": shown(case.request.submitted_at),
        "due": shown(case.request.due_at),
        "done": shown(moment),
        "date": sandbox.day(moment, case.request.locale, settings.provider_timezone),
        "data": data,
    }


def links(settings: Settings) -> dict[str, str]:
    """The pages a message may name."""
    return {name: page(settings, path) for name, path in PAGES.items()}


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


def _address(value: object) -> Iterator[str]:
    parts = value.values() if isinstance(value, Mapping) else (value,)
    return (str(part) for part in parts if part)


def _sections(case: Case) -> list[dict[str, object]]:
    """The answers as the customer read them back, by section."""
    answered = forms.answers(case.request_type.application_form, case.request.answers, EVALUATE)
    return [
        {"title": title, "pairs": [[answer.label, answer.value] for answer in group]}
        for title, group in groupby(answered, key=lambda answer: answer.section)
    ]
