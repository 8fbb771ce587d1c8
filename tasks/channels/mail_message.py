"""A mail as RFC 5322 wants it: text and HTML, attachments, one thread per request.

The Message-ID follows from the message's own id, so a repeated mail is recognised as the same.
"""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine import clock
from tasks.channels.port import Outgoing, RefusedMessageError

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who our mail comes from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] or "localhost"


def build(message: Outgoing, sender: Sender) -> EmailMessage:
    """The mail; raises RefusedMessageError for an address that is none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(sender.address, sender.name)
    mail["To"] = _address(message.address)
    mail["Subject"] = _line(message.subject)
    mail["Date"] = format_datetime(message.written_at or clock.now())
    mail["Message-ID"] = message_id(message, sender)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = _line(message.locale)
    if message.thread:
        root = f"<{message.thread}@{sender.domain}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
    _fill(mail, message)
    return mail


def message_id(message: Outgoing, sender: Sender) -> str:
    """The same for every try."""
    return f"<{message.id}@{sender.domain}>"


def _fill(mail: EmailMessage, message: Outgoing) -> None:
    mail.set_content(message.body, cte="quoted-printable")
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    for attachment in message.attachments:
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=_line(attachment.name)
        )


def _address(written: str, name: str = "") -> Address:
    try:
        return Address(_line(name), addr_spec=written)
    except (ValueError, IndexError) as error:
        raise RefusedMessageError("This is not a mail address.") from error


def _line(text: str) -> str:
    """The text on one line: a line end in a header would begin another header."""
    return _CONTROL.sub(" ", text).strip()
