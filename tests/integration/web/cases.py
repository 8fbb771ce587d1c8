"""A submitted address change, as far as its first user task, without anything of the outside."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

import processes
from engine import clock
from engine.cases import documents, numbers, service_requests
from engine.definitions import bundles, request_types
from engine.execution import jobs
from engine.lifecycle import JobState
from engine.store import Draft, Job, ServiceRequest, UserTask

FOLDER = Path(processes.__file__).parent / "address_change"
ANSWERS = {
    "full_name": "Sample Raman",
    "email": "sample@example.org",
    "phone": "+919876543210",
}


def photo(color: str = "teal") -> bytes:
    """A small picture."""
    kept = io.BytesIO()
    Image.new("RGB", (640, 400), color).save(kept, "PNG")
    return kept.getvalue()


def submitted(session: Session, answers: dict | None = None, pdf: bytes = b"") -> ServiceRequest:
    """A request with two uploads, its acknowledgement done, waiting to be verified."""
    bundles.deploy_folder(session, FOLDER)
    request_type = request_types.latest(session, "address_change")
    draft = _draft(session, request_type.id, {**ANSWERS, **(answers or {})})
    for item, color in (("address_proof", "teal"), ("identity_proof", "maroon")):
        documents.store(
            session,
            photo(color),
            kind=documents.Kind.UPLOAD,
            name=f"{item}.png",
            media_type="image/png",
            draft_id=draft.id,
            item=item,
        )
    application = documents.store(
        session,
        pdf or b"%PDF-1.7 signed",
        kind=documents.Kind.APPLICATION,
        name="application.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
    )
    request = service_requests.submit(session, draft, application)
    run_jobs(session)
    return request


def run_jobs(session: Session, output: dict | None = None) -> None:
    """Complete the waiting jobs, one after the other, as if a worker had."""
    session.flush()
    waiting = select(Job.id).where(Job.state == JobState.AVAILABLE)
    while (job_id := session.scalar(waiting.limit(1))) is not None:
        job = jobs.claim(session, job_id)
        jobs.complete(session, job.id, job.attempt, output or {})
        session.flush()


def open_task(session: Session, element_id: str = "VerifyDocuments") -> UserTask:
    """The newest task of an element."""
    newest = select(UserTask).where(UserTask.element_id == element_id)
    return session.scalars(newest.order_by(UserTask.created_at.desc())).first()


def _draft(session: Session, version_id, answers: dict) -> Draft:
    now = clock.now()
    draft = Draft(
        request_type_version_id=version_id,
        number=numbers.request_number(),
        answers=answers,
        locale="en",
        consent={"notice": "privacy", "version": "2026-11", "at": now.isoformat()},
        contact_kind="phone",
        contact_value=f"+9198{uuid4().int % 10**8:08d}",
        contact_verified_at=now,
        created_at=now,
        updated_at=now,
        expires_at=now + timedelta(days=7),
    )
    session.add(draft)
    session.flush()
    return draft
