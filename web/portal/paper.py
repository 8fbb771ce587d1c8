"""The application as a document: what was answered, sent in and agreed to, made by typst.

The fingerprint names exactly this content, so that nothing else is submitted under a signature.
"""

import hashlib
import json
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from engine import sla
from engine.cases import customers, drafts, numbers
from engine.definitions.request_types import RequestType
from engine.errors import NotFoundError
from engine.store import Document, Draft
from tasks.documents import qr, rendering
from web import i18n, installation, sessions
from web.portal import current, questions, wording

TEMPLATE = "documents/application.typ"
DIGEST_SHOWN = 16  # hexadecimal digits


def rendered(draft: Draft, moment: datetime) -> bytes:
    """The application as a PDF, received at `moment` if it is sent now."""
    request_type = current.request_type(draft)
    template = request_type.files.get(TEMPLATE)
    if template is None:
        raise NotFoundError(f"{request_type.key} has no {TEMPLATE}.")
    logo = installation.current().settings.provider_logo
    files = {"qr.svg": qr.svg(_tracking_address(draft))}
    if logo is not None:
        files[f"logo{logo.suffix.lower()}"] = logo.read_bytes()
    return rendering.render(
        template,
        _data(request_type, draft, moment),
        title=f"{request_type.name(current.locale(request_type))} {numbers.display(draft.number)}",
        lang=current.locale(request_type),
        files=files,
        attachments={"answers.json": _answers(request_type, draft)},
        moment=moment,
    )


def fingerprint(draft: Draft, uploads: list[Document]) -> str:
    """The SHA-256 of everything the application says, hexadecimal."""
    content = {
        "number": draft.number,
        "answers": draft.answers,
        "consent": draft.consent,
        "contacts": [held.contact for held in drafts.confirmed(draft)],
        "documents": [[upload.item, upload.digest] for upload in uploads],
    }
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def assurance(draft: Draft) -> str:
    """What the signature says of how the name was checked."""
    contact = customers.masked(str(draft.contact_kind), str(draft.contact_value))
    if draft.contact_kind == customers.PHONE:
        return str(_("name as stated; phone %(contact)s verified by code", contact=contact))
    return str(_("name as stated; mail %(contact)s verified by code", contact=contact))


def _data(request_type: RequestType, draft: Draft, moment: datetime) -> dict[str, object]:
    settings = installation.current().settings
    applicant = request_type.applicant(draft.answers)
    promise = sla.promise(request_type.policy, moment)
    logo = settings.provider_logo
    lines = (settings.provider_address, settings.provider_phone, settings.provider_email)
    return {
        "provider": {"name": settings.provider_name, "lines": [line for line in lines if line]},
        "logo": f"logo{logo.suffix.lower()}" if logo else None,
        "recipient": [text for text in (applicant.name, applicant.email, applicant.phone) if text],
        "number": numbers.display(draft.number),
        "cin": None,
        "date": i18n.day(moment),
        "service": request_type.name(current.locale(request_type)),
        "sections": [*_sections(request_type, draft), _promised(promise, moment)],
        "documents": _documents(request_type, draft),
        "consent": _consent(request_type, draft),
        "signing": assurance(draft),
        "submitted": i18n.moment(moment),
        "due": i18n.moment(promise.due_at),
        "qr": "qr.svg",
        "qr_alt": _("Follow this request: %(address)s", address=_tracking_address(draft)),
        "footer": None,
        "texts": dict(request_type.texts(current.locale(request_type))),
        "data": {},
    }


def _sections(request_type: RequestType, draft: Draft) -> list[dict[str, object]]:
    return [
        {
            "title": title or _("Your details"),
            "pairs": [[answer.label, answer.value] for answer in answers if answer.value],
        }
        for title, answers in questions.sections(request_type, draft)
    ]


def _promised(promise: sla.Promise, moment: datetime) -> dict[str, object]:
    """What the receipt says, too: when it was received, and when it will be done."""
    zone = installation.current().settings.provider_timezone
    counted = wording.counted(promise.counts)
    return {
        "title": _("Our promise"),
        "pairs": [
            [_("Received"), f"{i18n.moment(moment)} ({zone})"],
            [_("Done by"), f"{i18n.moment(promise.due_at)} ({zone})"],
            [_("Counted"), f"{i18n.duration(promise.duration)}, {counted}"],
            *([_("Pauses"), line] for line in wording.pauses(promise.pauses)),
        ],
    }


def _documents(request_type: RequestType, draft: Draft) -> list[list[str]]:
    return [
        [
            wording.item_label(request_type, str(upload.item)),
            upload.name,
            i18n.size(upload.size),
            upload.digest[:DIGEST_SHOWN],
        ]
        for upload in drafts.of(sessions.reading(), draft)
    ]


def _consent(request_type: RequestType, draft: Draft) -> list[list[str]]:
    given = draft.consent or {}
    notice = wording.notice(request_type)
    agreed = given.get("given_at")
    if agreed is None:
        return []
    return [
        [_("Notice"), notice.title],
        [_("Version"), str(given.get("version"))],
        [_("Agreed"), i18n.moment(datetime.fromisoformat(str(agreed)))],
    ]


def _answers(request_type: RequestType, draft: Draft) -> bytes:
    """The answers for machines, embedded in the PDF."""
    content = {
        "number": numbers.display(draft.number),
        "request_type": request_type.key,
        "version": request_type.version,
        "answers": draft.answers,
        "consent": draft.consent,
        "documents": [
            {"item": upload.item, "name": upload.name, "sha256": upload.digest}
            for upload in drafts.of(sessions.reading(), draft)
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _tracking_address(draft: Draft) -> str:
    base = installation.current().settings.public_url.rstrip("/")
    return base + url_for("portal.status", number=draft.number)
