"""declare_delay: a later date, with a reason and words for the customer.

Parameters: `reason`, `text`, `due_at` (a date, which means the end of that day, or a
moment), `by`. Output: {"due_at": moment, "due_before": moment}.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from engine.cases import history
from engine.sla import delays
from tasks.handlers.context import HandlerContext
from tasks.handlers.errors import WrongParameterError

END_OF_DAY = time(23, 59)


def run(context: HandlerContext) -> Mapping[str, object]:
    """Declare the delay, once. Raises InvalidError without a reason or for a date that is over."""
    due_at = moment(context.text("due_at"), context.settings.provider_timezone)
    with context.transaction() as session:
        delay = delays.declare(
            session,
            context.case(session).request.id,
            reason=context.text("reason"),
            text=context.text("text"),
            due_at=due_at,
            by=context.text("by", history.SYSTEM),
            key=context.key,
        )
        return {
            "due_at": delay.due_after.isoformat(),
            "due_before": delay.due_before.isoformat(),
        }


def moment(written: str, zone: ZoneInfo) -> datetime:
    """The moment meant, in UTC; without an offset it is the provider's time."""
    try:
        if len(written) == len("2026-12-01"):
            meant = datetime.combine(date.fromisoformat(written), END_OF_DAY, zone)
        else:
            meant = datetime.fromisoformat(written)
    except ValueError as error:
        raise WrongParameterError(f"declare_delay: {written!r} is no date.") from error
    return (meant if meant.tzinfo else meant.replace(tzinfo=zone)).astimezone(UTC)
