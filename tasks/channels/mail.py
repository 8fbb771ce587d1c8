"""Mail by SMTP (RFC 5321), or into the outbox alone where no server is named."""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage

from engine.settings import MailSecurity, MailServer
from tasks.channels import mail_message
from tasks.channels.mail_message import Sender
from tasks.channels.port import ChannelError, Outgoing, Receipt, RefusedMessageError
from tasks.channels.simulator import CARRIER as SIMULATOR

CARRIER = "smtp"
TIMEOUT = timedelta(seconds=20)  # for each answer of the server
PERMANENT = range(500, 600)


def simulate(message: Outgoing, sender: Sender) -> Receipt:
    """Build the mail as if it were sent, so that what cannot be sent fails here too."""
    mail = mail_message.build(message, sender)
    return Receipt(SIMULATOR, str(mail["Message-ID"]))


def send(message: Outgoing, sender: Sender, server: MailServer) -> Receipt:
    """Hand the mail to the server; raises ChannelError, RefusedMessageError for a final no.

    Final is a 5xx for this recipient or this mail; one for us (login, sender, greeting) is a
    mistake in the settings, and the mail waits until it is mended.
    """
    mail = mail_message.build(message, sender)
    try:
        with _connect(server) as connection:
            _hand_over(connection, mail, server)
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        raise _refusal(code, "The server refused the recipient") from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, "The server refused the mail") from error
    except smtplib.SMTPResponseException as error:
        said = f"The mail server refuses us ({error.smtp_code}); check MAIL_URL and MAIL_FROM."
        raise ChannelError(said) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(f"The mail server cannot be reached: {type(error).__name__}") from error
    return Receipt(CARRIER, str(mail["Message-ID"]))


def _connect(server: MailServer) -> smtplib.SMTP:
    seconds = TIMEOUT.total_seconds()
    if server.security is MailSecurity.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=seconds)


def _hand_over(connection: smtplib.SMTP, mail: EmailMessage, server: MailServer) -> None:
    if server.security is MailSecurity.STARTTLS:
        connection.starttls(context=ssl.create_default_context())
    if server.user is not None and server.password is not None:
        connection.login(server.user, server.password)
    connection.send_message(mail)


def _refusal(code: int, what: str) -> ChannelError:
    """5xx is final, 4xx is not."""
    kind = RefusedMessageError if code in PERMANENT else ChannelError
    return kind(f"{what} ({code}).", smtp_code=code)
