"""What was promised, in words: the moment, its zone, how it is counted, what pauses it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.store import ServiceRequest
from web import i18n, installation
from web.portal import wording


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as a page prints it."""

    due_at: datetime
    promised_at: datetime
    zone: str
    duration: str
    counts: str
    pauses: list[str]

    @property
    def is_delayed(self) -> bool:
        """Whether a later date than the first was announced."""
        return self.due_at > self.promised_at


def of(request: ServiceRequest) -> Promise:
    """The promise of a request, as it was made when it was received."""
    made = request.promise
    seconds = float(str(made.get("duration") or 0))
    zone = installation.current().settings.provider_timezone
    return Promise(
        request.due_at,
        request.promised_at,
        str(zone),
        i18n.duration(timedelta(seconds=seconds)),
        wording.counted(str(made.get("counts", ""))),
        wording.pauses(made.get("pauses")),
    )
