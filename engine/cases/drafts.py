"""Drafts: applications being filled in, before there is a case.

A draft holds the number it will carry. It is changed only while it is open and only under its
row's lock, so nothing slips in between signing and submitting.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, settings
from engine.cases import customers, documents, links, numbers
from engine.cases.links import Purpose
from engine.definitions import request_types
from engine.definitions.request_types import ChecklistItem, RequestType
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.lifecycle import DraftState
from engine.store import Document, Draft, Json, ServiceRequest, move
from engine.store import hold as hold_row

LIFETIME = timedelta(days=30)  # after the last change
ABOUT_NUMBER = "about_number"  # the field of a form that asks which request it is about


class DraftClosedError(ConflictError):
    """This application was sent already, or its time is over."""

    code = "draft_closed"


class TooManyFilesError(InvalidError):
    """There are as many files here as may be. Remove one first."""

    code = "too_many_files"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A contact that its holder proved to hold, and when."""

    kind: str
    value: str
    at: datetime

    @property
    def contact(self) -> tuple[str, str]:
        """As contacts are compared."""
        return self.kind, self.value


class AcceptedFile(Protocol):
    """An upload that passed the intake."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def data(self) -> bytes: ...


def begin(
    session: Session,
    request_type: RequestType,
    locale: str,
    *,
    about: ServiceRequest | None = None,
) -> tuple[Draft, str]:
    """An empty draft with its reserved number, and the token that opens it.

    The number of the request that it is `about` stands where the form asks for one.
    """
    now = clock.now()
    draft = Draft(
        request_type_version_id=request_type.id,
        number=_unused_number(session),
        answers={ABOUT_NUMBER: numbers.display(about.number)} if about else {},
        about_request_id=about.id if about else None,
        locale=locale,
        created_at=now,
        updated_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(draft)
    session.flush()
    return draft, open_for(session, draft)


def open_for(session: Session, draft: Draft) -> str:
    """A token for one more browser that may go on with the draft."""
    return links.issue(session, Purpose.DRAFT, draft.id, LIFETIME)


def by_token(session: Session, token: str) -> Draft | None:
    """The draft that the token opens: open or submitted, never discarded or out of time."""
    draft_id = links.redeem(session, Purpose.DRAFT, token)
    draft = session.get(Draft, draft_id) if draft_id else None
    if draft is None or draft.state is DraftState.DISCARDED:
        return None
    if draft.state is DraftState.OPEN and draft.expires_at <= clock.now():
        return None
    return draft


def resumable(session: Session, draft_id: UUID) -> Draft | None:
    """The draft if it can still be filled in."""
    draft = session.get(Draft, draft_id)
    if draft is None or draft.state is not DraftState.OPEN or draft.expires_at <= clock.now():
        return None
    return draft


def hold(session: Session, draft: Draft) -> Draft:
    """Lock the draft to the end of the transaction; raises DraftClosedError if it is not open."""
    hold_row(session, draft)
    if draft.state is not DraftState.OPEN or draft.expires_at <= clock.now():
        raise DraftClosedError
    return draft


def save(session: Session, draft: Draft, answers: Json) -> None:
    """Keep the answers; a confirmed contact that is not among them any more has to be redone."""
    hold(session, draft)
    draft.answers = answers
    stated = contacts(session, draft)
    _keep_confirmed(draft, [held for held in confirmed(draft) if held.contact in stated])
    _touch(draft)


def contacts(session: Session, draft: Draft) -> list[tuple[str, str]]:
    """The contacts stated in the answers, as (kind, normalised value), phone first."""
    request_type = request_types.get(session, draft.request_type_version_id)
    applicant = request_type.applicant(draft.answers)
    stated = ((customers.PHONE, applicant.phone), (customers.EMAIL, applicant.email))
    return [(kind, customers.normalised(kind, value)) for kind, value in stated if value]


def confirmed(draft: Draft) -> list[Confirmed]:
    """The contacts that a code has confirmed, the first one first."""
    held = (
        (draft.contact_kind, draft.contact_value, draft.contact_verified_at),
        (
            draft.other_contact_kind,
            draft.other_contact_value,
            draft.other_contact_verified_at,
        ),
    )
    return [Confirmed(kind, value, at) for kind, value, at in held if kind and value and at]


def attach(
    session: Session, draft: Draft, item: ChecklistItem, accepted: AcceptedFile, facts: Json
) -> Document:
    """Keep an upload under an item of the checklist.

    Raises TooManyFilesError when the item, or the draft, holds as many files as it may.
    """
    hold(session, draft)
    uploads = of(session, draft)
    if sum(document.item == item.item for document in uploads) >= item.max_files:
        raise TooManyFilesError(limit=item.max_files)
    if len(uploads) >= settings.current().upload_max_files:
        raise TooManyFilesError(limit=settings.current().upload_max_files)
    _touch(draft)
    return documents.store(
        session,
        accepted.data,
        kind=documents.Kind.UPLOAD,
        name=accepted.name,
        media_type=accepted.media_type,
        draft_id=draft.id,
        item=item.item,
        facts=facts,
    )


def detach(session: Session, draft: Draft, document_id: UUID) -> None:
    """Take an upload out again; raises NotFoundError for what is not this draft's upload."""
    hold(session, draft)
    documents.remove(session, upload(session, draft, document_id))
    _touch(draft)


def upload(session: Session, draft: Draft, document_id: UUID) -> Document:
    """One upload of this draft; raises NotFoundError."""
    for document in of(session, draft):
        if document.id == document_id:
            return document
    raise NotFoundError


def of(session: Session, draft: Draft) -> list[Document]:
    """The uploads of a draft, oldest first."""
    kept = documents.of_draft(session, draft.id)
    return [document for document in kept if document.kind == documents.Kind.UPLOAD]


def missing(
    checklist: Iterable[ChecklistItem], uploads: Iterable[Document]
) -> list[ChecklistItem]:
    """The required items without a document; an either-or group is served by any of its items."""
    checklist = tuple(checklist)
    there = {document.item for document in uploads}
    served = {entry.any_of for entry in checklist if entry.any_of and entry.item in there}
    return [
        entry
        for entry in checklist
        if entry.required and entry.item not in there and entry.any_of not in served
    ]


def consent(session: Session, draft: Draft, *, notice: str, version: str, locale: str) -> None:
    """Record that the customer agreed to this version of the notice, in this language."""
    hold(session, draft)
    draft.consent = {
        "notice": notice,
        "version": version,
        "language": locale,
        "given_at": clock.now().isoformat(),
        "channel": "portal",
    }
    _touch(draft)


def confirm_contact(session: Session, draft: Draft, kind: str, value: str) -> None:
    """Record that the customer holds this contact; raises InvalidError if it is not stated."""
    hold(session, draft)
    value = customers.normalised(kind, value)
    if (kind, value) not in contacts(session, draft):
        raise InvalidError
    held = [contact for contact in confirmed(draft) if contact.kind != kind]
    _keep_confirmed(draft, [*held, Confirmed(kind, value, clock.now())])
    _touch(draft)


def keep_only(session: Session, draft: Draft, application: Document) -> None:
    """Let go of applications that were signed but never sent, because something changed."""
    for document in documents.of_draft(session, draft.id):
        if document.kind == documents.Kind.APPLICATION and document.id != application.id:
            documents.discard(session, document)
    session.flush()


def request_of(session: Session, draft: Draft) -> ServiceRequest | None:
    """The case that the draft became."""
    return session.scalar(select(ServiceRequest).where(ServiceRequest.draft_id == draft.id))


def expire_old(session: Session, limit: int = 100) -> int:
    """Discard drafts whose time is over, with their answers and uploads; returns how many."""
    over = (
        select(Draft)
        .where(Draft.state == DraftState.OPEN, Draft.expires_at <= clock.now())
        .order_by(Draft.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    expired = list(session.scalars(over))
    for draft in expired:
        _discard(session, draft)
    return len(expired)


def _discard(session: Session, draft: Draft) -> None:
    for document in documents.of_draft(session, draft.id):
        documents.discard(session, document)
    links.end(session, Purpose.DRAFT, draft.id)
    links.end(session, Purpose.RESUME, draft.id)
    move(draft, DraftState.DISCARDED)
    draft.answers = {}
    _keep_confirmed(draft, [])


def _keep_confirmed(draft: Draft, held: Sequence[Confirmed]) -> None:
    none = (None, None, None)
    first, other = ([(each.kind, each.value, each.at) for each in held] + [none, none])[:2]
    draft.contact_kind, draft.contact_value, draft.contact_verified_at = first
    draft.other_contact_kind, draft.other_contact_value = other[:2]
    draft.other_contact_verified_at = other[2]


def _touch(draft: Draft) -> None:
    now: datetime = clock.now()
    draft.updated_at = now
    draft.expires_at = now + LIFETIME


def _unused_number(session: Session) -> str:
    """A number nobody holds; the unique constraint settles the race that never happens."""
    while True:
        number = numbers.request_number()
        taken = session.scalar(select(Draft.id).where(Draft.number == number))
        if taken is None:
            return number
