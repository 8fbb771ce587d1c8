"""The receipt: number, promise and the signed application, in the browser that sent it."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.cases import documents, drafts, numbers
from engine.errors import NotFoundError
from engine.lifecycle import DraftState
from engine.store import Customer, ServiceRequest
from web import access, installation, sessions
from web.portal import current, downloads, promises, wording
from web.portal.blueprint import blueprint


@blueprint.get("/draft/receipt")
@access.customer
def receipt() -> ResponseReturnValue:
    """Number, customer number, due moment and what happens next."""
    draft = current.of(sessions.reading())
    if draft is not None and draft.state is DraftState.OPEN:
        return redirect(url_for("portal.go_on"), 303)
    request = _request()
    customer = sessions.reading().get_one(Customer, request.customer_id)
    return render_template(
        "portal/receipt.html",
        number=request.number,
        cin=numbers.display(customer.cin),
        email=request.email,
        phone=request.phone,
        contacts=wording.contacts(request),
        submitted_at=request.submitted_at,
        promise=promises.of(request),
        service=wording.service(current.request_type(current.sent())),
        tracking=installation.current().settings.public_url.rstrip("/")
        + url_for("portal.status", number=request.number),
    )


@blueprint.get("/draft/receipt.pdf")
@access.customer
def receipt_file() -> Response:
    """The signed application."""
    session, request = sessions.reading(), _request()
    for document in reversed(documents.of_request(session, request.id)):
        if document.kind == documents.Kind.APPLICATION:
            return downloads.attachment(session, document)
    raise NotFoundError


def _request() -> ServiceRequest:
    found = drafts.request_of(sessions.reading(), current.sent())
    if found is None:
        raise current.NoDraftError
    return found
