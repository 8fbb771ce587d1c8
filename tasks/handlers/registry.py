"""Which handler works on which type of job: the operators a diagram may name."""

from collections.abc import Mapping
from types import MappingProxyType

from tasks.handlers import (
    declare_delay,
    escalate,
    notify,
    render_document,
    seal_document,
    update_record,
)
from tasks.handlers.context import Handler
from tasks.handlers.errors import UnknownJobTypeError

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "declare_delay": declare_delay.run,
        "escalate": escalate.run,
        "notify": notify.run,
        "render_document": render_document.run,
        "seal_document": seal_document.run,
        "update_record": update_record.run,
    }
)


def find(job_type: str) -> Handler:
    """The handler of this type; raises UnknownJobTypeError."""
    if job_type not in HANDLERS:
        raise UnknownJobTypeError(f"No handler knows the job type {job_type!r}.")
    return HANDLERS[job_type]
