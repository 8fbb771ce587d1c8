"""What message and document templates see of a case, in plain values.

The same names for messages and documents; nothing in here is a secret or a row.
"""

from collections.abc import Mapping

from engine.cases import numbers, sandbox
from engine.settings import Settings
from tasks.handlers.context import Case

TRACK = "/track"
INBOX = "/inbox"


def of_case(case: Case, settings: Settings) -> dict[str, object]:
    """The case, the provider and the texts, moments as ISO 8601 in UTC."""
    return {
        "request": _request(case),
        "answers": case.request.answers,
        "customer": {
            "name": case.customer.name,
            "cin": case.customer.cin,
            "display_cin": numbers.display(case.customer.cin),
        },
        "provider": provider(settings),
        "request_type": case.request_type.name(case.request.locale),
        "texts": case.request_type.texts(case.request.locale),
        "due": sandbox.moment(
            case.request.due_at, case.request.locale, settings.provider_timezone
        ),
        "track_url": settings.public_url.rstrip("/") + TRACK,
        "inbox_url": settings.public_url.rstrip("/") + INBOX,
    }


def provider(settings: Settings) -> dict[str, object]:
    """Who offers the service; what is not set is an empty text."""
    return {
        "name": settings.provider_name,
        "email": settings.provider_email or "",
        "phone": settings.provider_phone or "",
        "address": settings.provider_address or "",
        "url": settings.public_url,
    }


def _request(case: Case) -> Mapping[str, object]:
    request = case.request
    applicant = case.request_type.applicant(request.answers)
    return {
        "number": request.number,
        "display_number": numbers.display(request.number),
        "cin": case.customer.cin,
        "display_cin": numbers.display(case.customer.cin),
        "name": applicant.name or case.customer.name,
        "email": request.email or "",
        "phone": request.phone or "",
        "locale": request.locale,
        "submitted_at": request.submitted_at.isoformat(),
        "due_at": request.due_at.isoformat(),
        "promised_at": request.promised_at.isoformat(),
        "level": request.escalation_level,
    }
