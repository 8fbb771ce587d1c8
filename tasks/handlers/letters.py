"""Writing one message of a request type to many recipients, in the caller's transaction."""

from collections.abc import Iterable, Mapping
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
    locale = case.request.locale
    written = templates.channels(case.request_type, template, locale)
    attached = tuple(attachments)
    queued = []
    for to in recipients:
        if to.channel not in written:
            continue
        rendered = templates.render(
            case.request_type,
            template,
            to.channel,
            locale,
            values,
            zone=context.settings.provider_timezone,
        )
        queued.append(
            correspondence.queue(
                session,
                key=f"{context.key}:{to.channel}:{to.address}",
                channel=to.channel,
                address=to.address,
                template=template,
                locale=locale,
                subject=rendered.subject,
                body=rendered.body,
                html=rendered.html,
                request_id=case.request.id,
                attachments=attached if to.channel is Channel.MAIL else (),
                registration=rendered.registration,
            )
        )
    return queued


def output(queued: Iterable[Correspondence]) -> dict[str, object]:
    """What a process may know of its messages."""
    rows = list(queued)
    return {
        "messages": [str(row.id) for row in rows],
        "channels": sorted({row.channel for row in rows}),
    }
