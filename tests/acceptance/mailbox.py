"""A real SMTP server whose mails a test can read."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests import ports, waiting


class Mailbox:
    """Everything that was delivered and not taken out yet, oldest first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=ports.free())

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://{self._controller.hostname}:{self._controller.port}"

    def take(self, subject: str, address: str) -> EmailMessage:
        """Wait for a mail to `address` whose subject contains `subject`, and take it out."""
        waiting.until(lambda: self.find(subject, address), f"a mail to {address}: {subject}")
        found = self.find(subject, address)
        assert found is not None
        self.mails.remove(found)
        return found

    def find(self, subject: str, address: str) -> EmailMessage | None:
        """The newest such mail, if it is there."""
        for mail in reversed(self.mails):
            if subject in mail["Subject"] and address in mail["To"]:
                return mail
        return None

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()


def text_of(mail: EmailMessage) -> str:
    """The plain part of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in the mail that leads below `path`."""
    found = re.search(rf"http\S+{re.escape(path)}\S+", text_of(mail))
    assert found is not None, text_of(mail)
    return found[0]


def attached(mail: EmailMessage) -> list[tuple[str, bytes]]:
    """Names and contents of the mail's attachments."""
    return [(str(part.get_filename()), part.get_content()) for part in mail.iter_attachments()]
