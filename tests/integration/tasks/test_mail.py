"""Mail to a real SMTP server on the loopback."""

import pytest
from sqlalchemy.exc import OperationalError

from engine import clock
from engine.cases import correspondence
from engine.lifecycle import CorrespondenceState
from tasks import send_correspondence
from tests.integration.tasks import play, smtp


@pytest.fixture
def inbox():
    with smtp.server() as running:
        yield running


@pytest.fixture
def mail(sessions, case, inbox, use, make_settings):
    """The acknowledgement by mail, queued, with a server to send it to."""
    use(make_settings(MAIL_URL=f"smtp://127.0.0.1:{inbox.port}"))
    play.run_first(sessions, case)
    (queued,) = [m for m in play.messages(sessions, case) if m.channel == "mail"]
    return queued


def reload(sessions, message):
    with sessions() as session:
        return session.get_one(type(message), message.id)


def test_a_mail_arrives_with_its_parts_and_its_thread(sessions, case, mail, inbox):
    send_correspondence.run(str(mail.id))
    (arrived,) = inbox.mails
    thread = f"<request-{case.number}@example.org>"
    assert arrived["To"] == "sample.customer@example.org"
    assert arrived["Message-ID"] == f"<{mail.id}@example.org>"
    assert (arrived["In-Reply-To"], arrived["References"]) == (thread, thread)
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert "Sample Customer" in arrived.get_body(["plain"]).get_content()
    assert "<p>Dear Sample Customer,</p>" in arrived.get_body(["html"]).get_content()
    assert [part.get_filename() for part in arrived.iter_attachments()] == ["application.pdf"]


def test_what_the_server_took_is_sent(sessions, mail, inbox):
    send_correspondence.run(str(mail.id))
    sent = reload(sessions, mail)
    assert (sent.state, sent.carrier) == (CorrespondenceState.SENT, "smtp")
    assert sent.message_id == f"<{mail.id}@example.org>"


def test_a_sent_mail_is_not_sent_again(mail, inbox):
    send_correspondence.run(str(mail.id))
    send_correspondence.run(str(mail.id))
    assert len(inbox.mails) == 1


def test_killed_after_the_server_took_it_the_mail_is_the_same(mail, inbox, monkeypatch):
    def killed(*_arguments, **_facts):
        raise OperationalError("commit", {}, Exception("the process is gone"))

    with monkeypatch.context() as patched:
        patched.setattr(correspondence, "sent", killed)
        send_correspondence.run(str(mail.id))
    with clock.moved_by(correspondence.LEASE * 2):
        send_correspondence.run(str(mail.id))
    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_temporary_no_is_tried_again_later(sessions, mail, inbox):
    inbox.answer = "451 come back"
    send_correspondence.run(str(mail.id))
    waiting = reload(sessions, mail)
    assert waiting.state is CorrespondenceState.QUEUED
    assert "451" in waiting.error
    inbox.answer = None
    with clock.moved_by(correspondence.BACKOFF[0] * 2):
        send_correspondence.run(str(mail.id))
    assert reload(sessions, mail).state is CorrespondenceState.SENT


def test_a_final_no_is_final(sessions, mail, inbox):
    inbox.answer = "550 nobody here"
    send_correspondence.run(str(mail.id))
    assert reload(sessions, mail).state is CorrespondenceState.FAILED


def test_a_server_that_never_answers_ends_in_failure(sessions, mail, use, make_settings):
    use(make_settings(MAIL_URL="smtp://127.0.0.1:1"))
    for day in range(len(correspondence.BACKOFF) + 1):
        with clock.moved_by(correspondence.BACKOFF[-1] * day):
            send_correspondence.run(str(mail.id))
    failed = reload(sessions, mail)
    assert failed.state is CorrespondenceState.FAILED
    assert "cannot be reached" in failed.error


def test_a_refused_recipient_is_final(sessions, mail, inbox):
    inbox.recipient = "550 no such mailbox"
    send_correspondence.run(str(mail.id))
    assert reload(sessions, mail).state is CorrespondenceState.FAILED


def test_a_refused_sender_is_our_mistake_and_waits(sessions, mail, inbox):
    inbox.sender = "550 not from you"
    send_correspondence.run(str(mail.id))
    waiting = reload(sessions, mail)
    assert waiting.state is CorrespondenceState.QUEUED
    assert "MAIL_FROM" in waiting.error


def test_mail_is_not_sent_in_the_clear_where_protection_was_asked_for(
    sessions, mail, inbox, use, make_settings
):
    use(make_settings(MAIL_URL=f"smtp+starttls://user:secret@127.0.0.1:{inbox.port}"))
    send_correspondence.run(str(mail.id))
    assert inbox.mails == []
    assert reload(sessions, mail).state is CorrespondenceState.QUEUED


def test_a_failed_mail_can_be_sent_again_by_hand(sessions, mail, inbox):
    inbox.answer = "550 nobody here"
    send_correspondence.run(str(mail.id))
    inbox.answer = None
    with sessions.begin() as session:
        correspondence.send_again(session, mail.id, by="operator")
    send_correspondence.run(str(mail.id))
    assert reload(sessions, mail).state is CorrespondenceState.SENT


def test_somebody_else_who_holds_the_lease_is_not_overtaken(sessions, mail, inbox):
    with sessions.begin() as session:
        assert correspondence.claim(session, mail.id) is not None
    send_correspondence.run(str(mail.id))
    assert inbox.mails == []
