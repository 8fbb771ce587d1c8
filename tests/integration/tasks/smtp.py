"""A real SMTP server on the loopback that keeps what it took and answers as it is told."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Inbox:
    """What the server took; set `sender`, `recipient` or `answer` to let it say no."""

    def __init__(self, port):
        self.port, self.mails = port, []
        self.answer = self.recipient = self.sender = None

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802
        if self.sender is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.sender or "250 go on"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.recipient is None:
            envelope.rcpt_tos.append(address)
        return self.recipient or "250 go on"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        if self.answer is not None:
            return self.answer
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@contextmanager
def server():
    inbox = Inbox(free_port())
    running = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    running.start()
    try:
        yield inbox
    finally:
        running.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
