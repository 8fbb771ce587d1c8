"""escalate: raise the case to a level of the ladder and alert who has to know.

Parameters: `level`, `template` ("escalation" if unset). The owner and the level's group get a
mail, as far as they have addresses; the inbox shows the level in any case.
Output: {"level", "messages", "channels"}.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine.cases import correspondence, templates
from engine.cases.templates import Channel
from engine.sla import escalation
from engine.store import Correspondence
from tasks.handlers import letters, recipients, values
from tasks.handlers.context import Case, HandlerContext
from tasks.handlers.errors import WrongParameterError
from tasks.handlers.recipients import Recipient

TEMPLATE = "escalation"


def run(context: HandlerContext) -> Mapping[str, object]:
    """Raise the level and write the alerts, once."""
    level = _level(context)
    with context.transaction() as session:
        case = context.case(session)
        escalation.raise_level(session, case.request.id, level)
        alerts = correspondence.written_for(session, context.job_id)
        alerts = alerts or _alert(session, context, case, level)
        return {"level": level, **letters.output(alerts)}


def _level(context: HandlerContext) -> int:
    value = context.parameters.get("level")
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise WrongParameterError(f"escalate: `level` must be a number, not {value!r}.")
    return int(value)


def _alert(
    session: Session, context: HandlerContext, case: Case, level: int
) -> list[Correspondence]:
    template = context.text("template", TEMPLATE)
    if not templates.has(case.request_type, template):
        return []
    seen = values.of_message(case, context.settings, context.parameters)
    return letters.write(
        session,
        context,
        case,
        template=template,
        recipients=_concerned(session, case, level),
        values=seen,
    )


def _concerned(session: Session, case: Case, level: int) -> list[Recipient]:
    accounts = recipients.owner(session, case.request)
    for step in case.request_type.policy.levels:
        if step.number == level:
            accounts += recipients.group(session, step.group)
    addresses = sorted({account.email for account in accounts if account.email})
    return [Recipient(Channel.MAIL, address) for address in addresses]
