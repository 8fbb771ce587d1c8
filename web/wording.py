"""The engine's words for people: states, groups, channels, roles."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: Mapping[str, LazyString] = {
    # requests
    "received": _l("Received"),
    "in_progress": _l("In progress"),
    "waiting_for_customer": _l("Waiting for the customer"),
    "resolved": _l("Resolved"),
    "awaiting_confirmation": _l("Awaiting confirmation"),
    "closed": _l("Closed"),
    "reopened": _l("Reopened"),
    "withdrawn": _l("Withdrawn"),
    "rejected": _l("Not accepted"),
    "merged": _l("Merged"),
    # user tasks
    "created": _l("Waiting"),
    "claimed": _l("Taken"),
    "completed": _l("Done"),
    "cancelled": _l("Cancelled"),
    # documents
    "quarantined": _l("In quarantine"),
    "accepted": _l("Accepted"),
    "unclear": _l("Unclear"),
    "upload": _l("From the customer"),
    "attachment": _l("From the customer, later"),
    "application": _l("Signed application"),
    "statement": _l("Statement, not sealed"),
    "proof": _l("Sealed proof"),
    # correspondence
    "queued": _l("Queued"),
    "sent": _l("Sent"),
    "delivered": _l("Delivered"),
    "failed": _l("Failed"),
    "mail": _l("Mail"),
    "sms": _l("SMS"),
    "whatsapp": _l("WhatsApp"),
    # instances, jobs, timers and incidents
    "active": _l("Running"),
    "suspended": _l("Standing still"),
    "terminated": _l("Ended by hand"),
    "available": _l("To be done"),
    "executing": _l("Being done"),
    "retryable": _l("To be tried again"),
    "triggered": _l("Gone off"),
    "open": _l("Open"),
    "user_task": _l("Task"),
    "job": _l("Job"),
    "timer": _l("Timer"),
    "message": _l("Message"),
    "job_failed": _l("A job failed"),
    "element_error": _l("The diagram stopped the case"),
    "instance_too_large": _l("The case grew too large"),
    # queues
    "executives": _l("Service executives"),
    "team_leaders": _l("Team leaders"),
    "managers": _l("Managers"),
    "department_heads": _l("Department heads"),
}


def word(value: object) -> str:
    """The word for a state, group or channel; what is not known is shown as it is."""
    key = str(value)
    return str(WORDS[key]) if key in WORDS else spoken(key)


def spoken(key: str) -> str:
    """A key, such as a template's, read aloud: `documents_needed` is `Documents needed`."""
    return key.replace("_", " ").capitalize()
