"""Mails as bytes, without a server."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from tasks.channels import mail_message
from tasks.channels.mail_message import Sender
from tasks.channels.port import Attachment, Outgoing, RefusedMessageError

ID = UUID("12345678-1234-5678-1234-567812345678")
SENDER = Sender("Example Gas", "service@example.org")


def outgoing(**changed):
    facts = {
        "id": ID,
        "address": "sample@example.org",
        "subject": "Your request",
        "body": "Dear Sample,\n\nall is well.\n",
        "html": "<p>Dear Sample,</p>",
        "thread": "request-7KQ4M2ZXP",
        "written_at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    }
    return Outgoing(**{**facts, **changed})


def arrived(**changed):
    """What the other side reads."""
    built = mail_message.build(outgoing(**changed), SENDER)
    return message_from_bytes(built.as_bytes(), policy=policy.default)


def test_a_mail_has_text_first_and_html_after_it():
    kinds = [part.get_content_type() for part in arrived().iter_parts()]
    assert kinds == ["text/plain", "text/html"]


def test_a_repeated_mail_is_the_same_mail():
    first, second = arrived(), arrived()
    assert first["Message-ID"] == second["Message-ID"] == f"<{ID}@example.org>"
    assert first["Date"] == second["Date"] == "Sun, 22 Nov 2026 09:30:00 +0000"


def test_mails_of_a_request_share_a_thread():
    mail = arrived()
    assert mail["References"] == mail["In-Reply-To"] == "<request-7KQ4M2ZXP@example.org>"


def test_a_mail_without_a_request_has_no_thread():
    assert arrived(thread=None)["References"] is None


def test_nobody_answers_automatically():
    assert arrived()["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x00", "\x0b"])
def test_a_subject_cannot_begin_another_header(end):
    mail = arrived(subject=f"Hello{end}Bcc: all@example.org")
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: all@example.org"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sample",
        "a@b\r\nBcc: c@example.org",
        "a@example.org, b@example.org",
        "A <a@example.org>",
    ],
)
def test_what_is_not_one_address_is_refused(address):
    with pytest.raises(RefusedMessageError):
        mail_message.build(outgoing(address=address), SENDER)


def test_a_name_with_a_line_end_stays_a_name():
    mail = mail_message.build(outgoing(), Sender("Gas\r\nBcc: x@example.org", SENDER.address))
    assert mail["Bcc"] is None


@pytest.mark.parametrize("subject", ["Zażółć gęślą jaźń", "आपका अनुरोध", "உங்கள் கோரிக்கை"])
def test_every_script_survives_in_subject_and_text(subject):
    mail = arrived(subject=subject, body=subject)
    assert mail["Subject"] == subject
    assert mail.get_body(["plain"]).get_content().strip() == subject


def test_an_attachment_keeps_its_name_and_bytes():
    content = bytes(range(256))
    mail = arrived(attachments=[Attachment("Beleg żółty.pdf", "application/pdf", content)])
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "Beleg żółty.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == content


def test_long_lines_are_folded_as_the_standard_wants():
    built = mail_message.build(outgoing(body="x" * 5000, subject="word " * 100), SENDER)
    assert max(len(line) for line in built.as_bytes().splitlines()) <= 998
