"""render_document: make a PDF from a document template of the request type.

Parameters: `template` (documents/<template>.typ), `data` for it, `name` of the file. The answers
are attached to the PDF as JSON. Output: {"document": id, "sha256": digest}.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.cases import documents, numbers
from engine.cases.documents import Kind
from engine.errors import NotFoundError
from engine.store import Document, Job
from tasks.handlers import values
from tasks.handlers.context import Case, HandlerContext

FOLDER = "documents/"
QR_FILE = "qr.svg"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All that decides the PDF's bytes."""

    template: bytes
    files: Mapping[str, bytes]
    data: Mapping[str, object]
    answers: bytes
    title: str
    name: str
    locale: str
    moment: datetime


def run(context: HandlerContext) -> Mapping[str, object]:
    """Render and keep the document, once. Raises TemplateError, NotFoundError."""
    with context.transaction() as session:
        known = documents.by_key(session, context.key)
        if known is not None:
            return output(known)
        case = context.case(session)
        # The moment of the job, not of the try: a repeated try makes the same bytes.
        sheet = _sheet(context, case, session.get_one(Job, context.job_id).created_at)
    pdf = _rendered(sheet)
    with context.transaction() as session:
        kept = documents.store(
            session,
            pdf,
            kind=Kind.STATEMENT,
            name=sheet.name,
            media_type=PDF,
            request_id=case.request.id,
            facts={"template": context.text("template")},
            idempotency_key=context.key,
        )
        return output(kept)


def output(document: Document) -> dict[str, object]:
    """What a process may know of a document."""
    return {"document": str(document.id), "sha256": document.digest}


def _rendered(sheet: _Sheet) -> bytes:
    from tasks.documents import rendering

    return rendering.render(
        sheet.template,
        sheet.data,
        title=sheet.title,
        lang=sheet.locale,
        files=sheet.files,
        attachments={"answers.json": sheet.answers},
        moment=sheet.moment,
    )


def _sheet(context: HandlerContext, case: Case, moment: datetime) -> _Sheet:
    template = context.text("template")
    files = case.request_type.files
    content = files.get(f"{FOLDER}{template}.typ")
    if content is None:
        raise NotFoundError(f"{case.request_type.key} has no document template {template}.")
    number = numbers.display(case.request.number)
    title = case.request_type.text(
        case.request.locale, f"document.{template}.title", template.replace("_", " ").capitalize()
    )
    return _Sheet(
        template=content,
        files={**_beside(files), **_pictures(context)},
        data=_data(context, case, moment),
        answers=json.dumps(case.request.answers, ensure_ascii=False, indent=1).encode(),
        title=f"{title} {number}",
        name=f"{template}-{number}.pdf",
        locale=case.request.locale,
        moment=moment,
    )


def _beside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What a template may import: the other files of its folder."""
    return {
        path.removeprefix(FOLDER): content
        for path, content in files.items()
        if path.startswith(FOLDER)
    }


def _pictures(context: HandlerContext) -> dict[str, bytes]:
    from tasks.documents import qr

    code = {QR_FILE: qr.svg(_address(context))}
    logo = context.settings.provider_logo
    return {**code, _logo_file(logo): logo.read_bytes()} if logo else code


def _address(context: HandlerContext) -> str:
    """Where anybody can check the document: under the number of its job, which nobody guesses."""
    return values.page(context.settings, f"/verify/{context.job_id}")


def _logo_file(logo: Path) -> str:
    return f"logo{logo.suffix.lower()}"


def _data(context: HandlerContext, case: Case, moment: datetime) -> dict[str, object]:
    seen = values.of_document(case, context.settings, context.parameters.get("data") or {}, moment)
    logo = context.settings.provider_logo
    return {
        **seen,
        "qr": QR_FILE,
        "qr_alt": _address(context),
        "logo": _logo_file(logo) if logo else None,
    }
