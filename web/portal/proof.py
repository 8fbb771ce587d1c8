"""The sealed proof, from the link in the completion message."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from engine.cases import documents, links, numbers
from engine.cases.links import Purpose
from engine.store import Document, ServiceRequest
from web import access, sessions
from web.portal import downloads
from web.portal.blueprint import blueprint
from web.security import limiter


@blueprint.get("/proof/<token>")
@access.customer
@limiter.limit("30/minute")
def proof(token: str) -> ResponseReturnValue:
    """Show the button."""
    document = _proof(links.redeem(sessions.reading(), Purpose.PROOF, token))
    if document is None:
        return render_template("portal/no_link.html"), 404
    return render_template("portal/proof.html", size=document.size)


@blueprint.post("/proof/<token>")
@access.customer
@limiter.limit("30/minute")
def fetch(token: str) -> ResponseReturnValue:
    """The file."""
    request_id = links.redeem(sessions.reading(), Purpose.PROOF, token)
    document = _proof(request_id)
    if document is None or request_id is None:
        return render_template("portal/no_link.html"), 404
    return downloads.attachment(sessions.reading(), document, name_of(request_id))


def name_of(request_id: UUID) -> str:
    """The proof's file name."""
    request = sessions.reading().get_one(ServiceRequest, request_id)
    return f"{numbers.display(request.number)}-proof.pdf"


def _proof(request_id: UUID | None) -> Document | None:
    """The newest sealed proof of the request."""
    if request_id is None:
        return None
    kept = documents.of_request(sessions.reading(), request_id)
    proofs = [document for document in kept if document.kind == documents.Kind.PROOF]
    return proofs[-1] if proofs else None
