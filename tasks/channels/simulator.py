"""The built-in carriers: the outbox is where a message arrives, whatever its channel.

They obey the operators' rules, so that what passes here passes there.
"""

from tasks.channels import registered, segments
from tasks.channels.port import Outgoing, Receipt, RefusedMessageError

CARRIER = "simulator"
MAX_SEGMENTS = 10


def sms(message: Outgoing) -> Receipt:
    """Take an SMS that keeps to its registered template."""
    registered.check_sms(message)
    if segments.count(message.body) > MAX_SEGMENTS:
        raise RefusedMessageError(f"The text needs more than {MAX_SEGMENTS} segments.")
    return _receipt(message)


def whatsapp(message: Outgoing) -> Receipt:
    """Take a WhatsApp message that keeps to its approved template."""
    registered.check_whatsapp(message)
    return _receipt(message)


def _receipt(message: Outgoing) -> Receipt:
    return Receipt(CARRIER, f"{CARRIER}-{message.id}")
