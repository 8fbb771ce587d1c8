"""Writing one message of a request type to many recipients, in the caller's transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import correspondence, templates
from engine.cases.templates import Channel
from engine.store import Correspondence
from tasks.handlers.context import Case, HandlerContext
from tasks.handlers.recipients import Recipient


def write(
    session: Session,
    context: HandlerContext,
    case: Case,
    *,
    template: str,
    recipients: Iterable[Recipient],
    values: Mapping[str, object],
    attachments: Iterable[UUID] = (),
) -> list[Correspondence]:
    """Queue the message for each recipient whose channel it is written for.

    The key holds the job, so that a repeated job finds what it has written.
    """
    written = templates.channels(case.request_type, template, case.request.locale)
    attached = tuple(attachments)
    return [
        _queue(session, context, case, _Letter(template, to, values, attached))
        for to in recipients
        if to.channel in written
    ]


def output(queued: Iterable[Correspondence]) -> dict[str, object]:
    """What a process may know of its messages."""
    rows = list(queued)
    return {
        "messages": [str(row.id) for row in rows],
        "channels": sorted({row.channel for row in rows}),
    }


@dataclass(frozen=True, slots=True)
class _Letter:
    template: str
    to: Recipient
    values: Mapping[str, object]
    attachments: tuple[UUID, ...]


def _queue(
    session: Session, context: HandlerContext, case: Case, letter: _Letter
) -> Correspondence:
    locale, to = case.request.locale, letter.to
    zone = context.settings.provider_timezone
    rendered = templates.render(
        case.request_type, letter.template, to.channel, locale, letter.values, zone=zone
    )
    return correspondence.queue(
        session,
        key=f"{context.key}:{to.channel}:{to.address}",
        channel=to.channel,
        address=to.address,
        template=letter.template,
        locale=locale,
        subject=rendered.subject,
        body=rendered.body,
        html=rendered.html,
        request_id=case.request.id,
        attachments=letter.attachments if to.channel is Channel.MAIL else (),
        registration=rendered.registration,
    )
