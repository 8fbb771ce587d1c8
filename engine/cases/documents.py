"""Documents: bytes under their digest, never altered, and what is known about them.

What a person decides about a document lies beside the bytes, in its row; the bytes that
were received or issued are the bytes that are kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from engine import clock
from engine.cases import history
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.lifecycle import DocumentState
from engine.store import Account, Blob, Document, Json, held, move

if TYPE_CHECKING:
    from engine.definitions.request_types import ChecklistItem


class Kind(StrEnum):
    UPLOAD = "upload"  # sent in with the application
    ATTACHMENT = "attachment"  # sent in later, when asked for
    APPLICATION = "application"  # the application as the customer signed it
    STATEMENT = "statement"  # rendered, not sealed yet
    PROOF = "proof"  # rendered and sealed by the provider


@dataclass(frozen=True, slots=True)
class Standing:
    """What a decision about a case asks of a document."""

    id: UUID
    kind: str
    item: str | None
    state: DocumentState


S = TypeVar("S", Document, Standing)
STANDINGS = select(Document.id, Document.kind, Document.item, Document.state).where(
    Document.service_request_id == bindparam("request_id")
)  # built once: it is part of every completion
FROM_CUSTOMER = frozenset({Kind.UPLOAD, Kind.ATTACHMENT})
ISSUED = frozenset({Kind.APPLICATION, Kind.PROOF})


def store(
    session: Session,
    content: bytes,
    *,
    kind: Kind,
    name: str,
    media_type: str,
    draft_id: UUID | None = None,
    request_id: UUID | None = None,
    item: str | None = None,
    facts: Json | None = None,
    idempotency_key: str | None = None,
) -> Document:
    """Keep `content`; under an idempotency key that exists already, return what was kept then."""
    if idempotency_key is not None and (kept := by_key(session, idempotency_key)):
        return kept
    digest = _keep(session, content)
    written = insert(Document).values(
        digest=digest,
        draft_id=draft_id,
        service_request_id=request_id,
        kind=kind.value,
        item=item,
        name=name,
        media_type=media_type,
        size=len(content),
        facts=facts or {},
        idempotency_key=idempotency_key,
        created_at=clock.now(),
    )
    unique = written.on_conflict_do_nothing(index_elements=[Document.idempotency_key])
    document: Document | None = session.scalar(unique.returning(Document))
    if document is not None:
        return document
    _drop_unused(session, digest)  # another process was faster under the same key
    found = select(Document).where(Document.idempotency_key == idempotency_key)
    return session.scalars(found).one()


def by_key(session: Session, idempotency_key: str) -> Document | None:
    """The document that was stored under this key."""
    return session.scalar(select(Document).where(Document.idempotency_key == idempotency_key))


def content(session: Session, document: Document) -> bytes:
    """The bytes of a document."""
    blob = session.get_one(Blob, document.digest, options=[undefer(Blob.content)])
    return blob.content


def of_draft(session: Session, draft_id: UUID) -> list[Document]:
    """What belongs to a draft, oldest first."""
    return _listed(session, Document.draft_id == draft_id)


def of_request(session: Session, request_id: UUID) -> list[Document]:
    """What belongs to a case, oldest first."""
    return _listed(session, Document.service_request_id == request_id)


def adopt(session: Session, draft_id: UUID, request_id: UUID) -> None:
    """Let the documents of a draft belong to the case it became."""
    of_the_draft = update(Document).where(Document.draft_id == draft_id)
    session.execute(of_the_draft.values(service_request_id=request_id))


def review(
    session: Session,
    document_id: UUID,
    account: Account,
    state: DocumentState,
    reason: str = "",
) -> Document:
    """Accept, reject or call a document unclear; the last two need a reason.

    Raises InvalidError without a reason, NotFoundError for what is no customer's document.
    """
    document = held(session, Document, document_id)
    if document.kind not in FROM_CUSTOMER:
        raise NotFoundError
    if state is not DocumentState.ACCEPTED and not reason.strip():
        raise InvalidError("Say why the document is not accepted: the customer is told.")
    if document.state is not state:
        move(document, state)
    document.reason = reason.strip() or None
    document.reviewed_by = account.name
    document.reviewed_at = clock.now()
    history.record(
        session,
        f"document.{state.value}",
        actor=account.name,
        request_id=document.service_request_id,
        document=str(document.id),
        item=document.item,
        reason=document.reason,
    )
    return document


def remove(session: Session, document: Document) -> None:
    """Take an upload out of a draft; its bytes go when nothing else holds them."""
    if document.service_request_id is not None or document.kind != Kind.UPLOAD:
        raise ConflictError("A document of a submitted request stays with the request.")
    discard(session, document)


def discard(session: Session, document: Document) -> None:
    """Delete a document and, when nothing else holds them, its bytes."""
    session.delete(document)
    session.flush()
    _drop_unused(session, document.digest)


def standings(session: Session, request_id: UUID) -> list[Standing]:
    """How the documents of a case stand, without the rest of their rows."""
    return [Standing(*row) for row in session.execute(STANDINGS, {"request_id": request_id})]


def unreviewed(documents: Iterable[S]) -> list[S]:
    """The customer's documents that nobody has decided about."""
    return [
        document
        for document in documents
        if document.kind in FROM_CUSTOMER and document.state is DocumentState.RECEIVED
    ]


def missing(documents: Iterable[S], checklist: "Iterable[ChecklistItem]") -> list[str]:
    """The required items without an accepted document; of an either-or group one is enough."""
    accepted = {
        document.item for document in documents if document.state is DocumentState.ACCEPTED
    }
    required = [item for item in checklist if item.required]
    satisfied = {item.any_of for item in required if item.any_of and item.item in accepted}
    return [
        item.item
        for item in required
        if item.item not in accepted and item.any_of not in satisfied
    ]


def was_issued(session: Session, digest: str) -> bool:
    """Whether a file with this SHA-256 (hexadecimal) was signed or sealed here."""
    issued = select(Document.id).where(Document.digest == digest, Document.kind.in_(ISSUED))
    return session.scalar(issued.limit(1)) is not None


def proof_of(session: Session, statement_key: str) -> Document | None:
    """The sealed form of the statement that was stored under this idempotency key."""
    statement = by_key(session, statement_key)
    if statement is None or statement.kind != Kind.STATEMENT:
        return None
    kept = (
        of_request(session, statement.service_request_id) if statement.service_request_id else []
    )
    proofs = (document for document in kept if document.kind == Kind.PROOF)
    sealed = str(statement.id)
    return next((proof for proof in proofs if proof.facts.get("sealed") == sealed), None)


def _keep(session: Session, content: bytes) -> str:
    """Store the bytes under their digest, and hold them until a document refers to them."""
    digest = hashlib.sha256(content).hexdigest()
    written = insert(Blob).values(
        digest=digest, content=content, size=len(content), stored_at=clock.now()
    )
    # Bytes that are there already are touched, which locks them against `_drop_unused`.
    session.execute(
        written.on_conflict_do_update(index_elements=[Blob.digest], set_={"size": Blob.size})
    )
    return digest


def _drop_unused(session: Session, digest: str) -> None:
    """Delete bytes without a document; the lock comes first, so that the look is not too old."""
    blob = held(session, Blob, digest)
    if session.scalar(select(Document.id).where(Document.digest == digest).limit(1)) is None:
        session.delete(blob)


def _listed(session: Session, condition: ColumnElement[bool]) -> list[Document]:
    listed = select(Document).where(condition)
    return list(session.scalars(listed.order_by(Document.created_at, Document.id)))
