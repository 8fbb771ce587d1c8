"""Service requests: a submitted draft becomes a case with a number and a promise.

The submission comes before the case: by the time `submit` runs, the application is signed and
stored under the draft. One transaction then makes the case and starts its process.
"""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, sla
from engine.cases import customers, documents, drafts, history, numbers
from engine.definitions import request_types
from engine.definitions.request_types import Applicant, RequestType
from engine.errors import InvalidError
from engine.execution import instances
from engine.lifecycle import DraftState
from engine.store import Customer, Document, Draft, ServiceRequest, hold, move


def submit(session: Session, draft: Draft, application: Document) -> ServiceRequest:
    """Turn a draft into a case and start its process; submitting twice gives the same case.

    `application` is the signed application. Raises InvalidError if consent or a verified
    contact is missing.
    """
    hold(session, draft)
    if draft.state is DraftState.SUBMITTED:
        return session.scalars(
            select(ServiceRequest).where(ServiceRequest.draft_id == draft.id)
        ).one()
    _check(draft, application)
    request_type = request_types.get(session, draft.request_type_version_id)
    applicant = request_type.applicant(draft.answers)
    customer = _customer(session, draft, applicant)
    request = _create(session, draft, request_type, customer)
    documents.adopt(session, draft.id, request.id)
    move(draft, DraftState.SUBMITTED)
    history.record(
        session,
        "request.submitted",
        actor=history.CUSTOMER,
        request_id=request.id,
        due_at=request.due_at.isoformat(),
        application=application.digest,
        consent=draft.consent,
    )
    instances.start(session, request_type, request, variables(request, customer, applicant))
    return request


def by_number(session: Session, text: str) -> ServiceRequest | None:
    """The request with the number somebody typed; None if there is none."""
    number = numbers.normalise(text)
    if number is None:
        return None
    return session.scalar(select(ServiceRequest).where(ServiceRequest.number == number))


def variables(
    request: ServiceRequest, customer: Customer, applicant: Applicant
) -> dict[str, object]:
    """What a process knows of its case from the start."""
    return {
        "request": {
            "number": request.number,
            "display_number": numbers.display(request.number),
            "cin": customer.cin,
            "name": applicant.name,
            "email": request.email,
            "phone": request.phone,
            "locale": request.locale,
            "submitted_at": request.submitted_at.isoformat(),
            "due_at": request.due_at.isoformat(),
        },
        "answers": request.answers,
    }


def _customer(session: Session, draft: Draft, applicant: Applicant) -> Customer:
    """Whoever holds the contact that was confirmed first; the other one is theirs from now on."""
    first, *others = drafts.confirmed(draft)
    customer = customers.verified(
        session,
        kind=first.kind,
        value=first.value,
        name=applicant.name,
        locale=draft.locale,
        at=first.at,
    )
    for other in others:
        customers.add_contact(session, customer, other.kind, other.value, other.at)
    return customer


def _create(
    session: Session,
    draft: Draft,
    request_type: RequestType,
    customer: Customer,
) -> ServiceRequest:
    now = clock.now()
    promise = sla.promise(request_type.policy, now)
    confirmed = dict(held.contact for held in drafts.confirmed(draft))
    request = ServiceRequest(
        number=draft.number,
        draft_id=draft.id,
        request_type_version_id=draft.request_type_version_id,
        customer_id=customer.id,
        answers=draft.answers,
        locale=draft.locale,
        email=confirmed.get("email"),
        phone=confirmed.get("phone"),
        submitted_at=now,
        due_at=promise.due_at,
        promised_at=promise.due_at,
        promise=_promise_facts(promise),
        about_request_id=draft.about_request_id,
    )
    session.add(request)
    session.flush()
    return request


def _promise_facts(promise: sla.Promise) -> dict[str, object]:
    facts = asdict(promise)
    facts["due_at"] = promise.due_at.isoformat()
    facts["duration"] = promise.duration.total_seconds()
    facts["pauses"] = list(promise.pauses)
    return facts


def _check(draft: Draft, application: Document) -> None:
    if not drafts.confirmed(draft):
        raise InvalidError("Confirm your phone or mail with the code first.")
    if draft.consent is None:
        raise InvalidError("Agree to the notice first.")
    if application.draft_id != draft.id or application.kind != documents.Kind.APPLICATION:
        raise InvalidError("Sign the application first.")
