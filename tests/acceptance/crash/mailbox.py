"""A mail server that outlives the product, and can end it at the worst moment."""

from collections import Counter
from email import message_from_bytes, policy
from threading import Lock

from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps every mail it took; `interrupt` is called once, after a mail and before the answer."""

    def __init__(self, port):
        self.port = port
        self.mails = []
        self._lock = Lock()
        self._interrupt = None
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def interrupt_next(self, interrupt):
        """Call `interrupt` when the next mail is taken; None takes the wish back."""
        with self._lock:
            self._interrupt = interrupt

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        with self._lock:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
            interrupt, self._interrupt = self._interrupt, None
        if interrupt is not None:
            interrupt()
        return "250 taken"

    def copies(self):
        """How often each Message-ID came."""
        with self._lock:
            return Counter(str(mail["Message-ID"]) for mail in self.mails)

    def subjects(self):
        """How many mails with different Message-IDs each address got under each subject."""
        with self._lock:
            kinds = {(str(m["Message-ID"]), str(m["To"]), str(m["Subject"])) for m in self.mails}
        return Counter((to, subject) for _, to, subject in kinds)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()
