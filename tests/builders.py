"""Builders: a submitted address change, an account, an open task, each with sensible defaults."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import documents, drafts, service_requests
from engine.definitions import bundles, request_types
from engine.definitions.request_types import RequestType
from engine.store import Account, Draft, Job, ServiceRequest, Timer, UserTask

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "processes" / "address_change"
RECEIVED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

ANSWERS = {
    "full_name": "Sample Customer",
    "email": "sample.customer@example.org",
    "phone": "+919876543210",
    "address": {
        "line1": "12 Lake Road",
        "line2": "Kothrud",
        "city": "Pune",
        "state": "Maharashtra",
        "pin": "411038",
    },
    "valid_from": "2026-11-01",
    "reason": "moved",
}


def address_change(session: Session) -> RequestType:
    version = bundles.deploy_folder(session, BUNDLE)
    return request_types.get(session, version.id)


def account(session: Session, name: str = "executive", *groups: str) -> Account:
    made = Account(
        name=name,
        display_name=name.title(),
        roles=["executive"],
        groups=list(groups or ("executives",)),
        created_at=clock.now(),
        email=f"{name}@example.org",
    )
    session.add(made)
    session.flush()
    return made


def ready_draft(session: Session, request_type: RequestType | None = None, **answers) -> Draft:
    """A draft that only waits to be signed: filled in, agreed to, contacts confirmed."""
    draft, _ = drafts.begin(session, request_type or address_change(session), "en")
    draft.answers = {**ANSWERS, **answers}
    draft.consent = {"notice": "privacy", "version": "2026-11", "locale": "en"}
    for kind, value in drafts.contacts(session, draft):
        drafts.confirm_contact(session, draft, kind, value)
    for item in ("address_proof", "identity_proof"):
        upload(session, draft, item)
    return draft


def upload(session: Session, draft: Draft, item: str) -> documents.Document:
    return documents.store(
        session,
        f"%PDF {item} {draft.id}".encode(),
        kind=documents.Kind.UPLOAD,
        name=f"{item}.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
        item=item,
    )


def submitted(session: Session, draft: Draft | None = None, **answers) -> ServiceRequest:
    """An address change that was just submitted, its process waiting for the acknowledgement."""
    draft = draft or ready_draft(session, **answers)
    application = documents.store(
        session,
        f"%PDF application {draft.id}".encode(),
        kind=documents.Kind.APPLICATION,
        name="application.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
    )
    return service_requests.submit(session, draft, application)


def open_jobs(session: Session, request: ServiceRequest) -> list[Job]:
    return [job for job in _rows(session, Job, request) if job.finished_at is None]


def open_tasks(session: Session, request: ServiceRequest) -> list[UserTask]:
    rows = _rows(session, UserTask, request)
    return [task for task in rows if task.state in ("created", "claimed")]


def timers(session: Session, request: ServiceRequest) -> list[Timer]:
    return sorted(_rows(session, Timer, request), key=lambda timer: timer.due_at)


def _rows(session: Session, table, request: ServiceRequest) -> list:
    from engine.store import ProcessInstance

    owned = (
        select(table)
        .join(ProcessInstance, ProcessInstance.id == table.process_instance_id)
        .where(ProcessInstance.service_request_id == request.id)
        .order_by(table.created_at)
    )
    return list(session.scalars(owned.execution_options(populate_existing=True)))
