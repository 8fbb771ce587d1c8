"""notify: tell the customer or colleagues something, on every channel they can be reached.

Parameters: `template`; `to` (customer, owner or a group; customer if unset); `channels` (all if
unset); `data` for the template; `attach` (kinds of documents, the newest of each goes along);
`link` (supply, feedback, proof, confirm). The messages are written here and sent by another actor.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import correspondence, documents, links
from engine.cases.links import Purpose
from engine.errors import InvalidError
from engine.store import Correspondence
from tasks.handlers import letters, recipients, values
from tasks.handlers.context import Case, HandlerContext
from tasks.handlers.errors import WrongParameterError

LINKS: Mapping[str, timedelta] = {
    Purpose.SUPPLY: timedelta(days=30),
    Purpose.FEEDBACK: timedelta(days=60),
    Purpose.PROOF: timedelta(days=90),
    Purpose.CONFIRM: timedelta(days=30),
}


class UnreachableError(InvalidError):
    """The customer left no address for any channel of this message. Call or write to them."""

    code = "unreachable"


def run(context: HandlerContext) -> Mapping[str, object]:
    """Write the messages, once; raises UnreachableError if none can reach the customer."""
    with context.transaction() as session:
        known = correspondence.written_for(session, context.job_id)
        return letters.output(known or _write(session, context))


def _write(session: Session, context: HandlerContext) -> list[Correspondence]:
    case = context.case(session)
    to = context.text("to", recipients.CUSTOMER)
    allowed = context.names("channels")
    found = [
        recipient
        for recipient in recipients.find(session, case.request, to)
        if not allowed or recipient.channel in allowed
    ]
    queued = letters.write(
        session,
        context,
        case,
        template=context.text("template"),
        recipients=found,
        values=_values(session, context, case),
        attachments=_attachments(session, context, case),
    )
    if not queued and to == recipients.CUSTOMER:
        raise UnreachableError
    return queued


def _values(session: Session, context: HandlerContext, case: Case) -> dict[str, object]:
    seen = values.of_message(case, context.settings, context.parameters)
    purpose = context.text("link", "")
    if not purpose:
        return seen
    if purpose not in LINKS:
        raise WrongParameterError(f"notify: there is no link {purpose!r}.")
    token = links.issue(session, purpose, case.request.id, LINKS[purpose])
    opened = {purpose: values.page(context.settings, f"/{purpose}/{token}")}
    return {**seen, "links": {**values.links(case, context.settings), **opened}}


def _attachments(session: Session, context: HandlerContext, case: Case) -> list[UUID]:
    kinds = context.names("attach")
    if not kinds:
        return []
    newest = {
        document.kind: document.id for document in documents.of_request(session, case.request.id)
    }
    missing = [kind for kind in kinds if kind not in newest]
    if missing:
        raise WrongParameterError(f"notify: the case has no document {', '.join(missing)}.")
    return [newest[kind] for kind in kinds]
