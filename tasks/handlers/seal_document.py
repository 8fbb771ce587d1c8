"""seal_document: put the provider's seal on a document; the sealed file is the one that is issued.

Parameters: `document` (id), `reason`. Output: {"document": id, "sha256": digest}.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import documents
from engine.cases.documents import Kind
from engine.errors import NotFoundError
from engine.store import Document
from tasks.handlers.context import HandlerContext
from tasks.handlers.errors import WrongParameterError
from tasks.handlers.render_document import output

REASON = "Issued by the provider"


def run(context: HandlerContext) -> Mapping[str, object]:
    """Seal and keep the document, once. Raises TimestampUnavailableError (try again later)."""
    with context.transaction() as session:
        known = documents.by_key(session, context.key)
        if known is not None:
            return output(known)
        plain = _plain(session, context)
        content = documents.content(session, plain)
    sealed = _sealed(context, content)
    with context.transaction() as session:
        kept = documents.store(
            session,
            sealed,
            kind=Kind.PROOF,
            name=plain.name,
            media_type=plain.media_type,
            request_id=plain.service_request_id,
            facts={**plain.facts, "sealed": str(plain.id)},
            idempotency_key=context.key,
        )
        return output(kept)


def _sealed(context: HandlerContext, content: bytes) -> bytes:
    from tasks.documents import sealing

    settings = context.settings
    return sealing.seal(
        content,
        context.keystore,
        reason=context.text("reason", REASON),
        location=settings.provider_address or "",
        name=settings.provider_name,
        tsa_url=settings.tsa_url,
    )


def _plain(session: Session, context: HandlerContext) -> Document:
    """The document to seal, which must be of the same case."""
    written = context.text("document")
    try:
        document = session.get(Document, UUID(written))
    except ValueError as error:
        raise WrongParameterError(f"seal_document: {written!r} is no document.") from error
    if document is None or document.service_request_id != context.case(session).request.id:
        raise NotFoundError(f"The case has no document {written}.")
    return document
