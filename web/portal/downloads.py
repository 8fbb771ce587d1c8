"""Documents on their way to the browser: named, never kept by it, and unable to run anything."""

from flask import Response, make_response
from sqlalchemy.orm import Session
from werkzeug.http import dump_options_header

from engine.cases import documents
from engine.store import Document
from web import security

SANDBOX = {"default-src": "'none'", "sandbox": "", "frame-ancestors": "'none'"}


def attachment(session: Session, document: Document, name: str | None = None) -> Response:
    """The document as a file to save."""
    content = documents.content(session, document)
    return pdf_or_picture(content, document.media_type, name or document.name)


def pdf_or_picture(
    content: bytes, media_type: str, name: str, *, inline: bool = False
) -> Response:
    """Bytes as a file; inline only what we rendered ourselves."""
    security.policy(security.PREVIEW if inline else SANDBOX)
    response = make_response(content)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = dump_options_header(
        "inline" if inline else "attachment", {"filename": name}
    )
    response.headers["Cache-Control"] = "no-store"
    return response
