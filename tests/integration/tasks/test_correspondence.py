"""Messages that stay in the outbox, and what becomes of the codes in them."""

import pytest

from engine import clock
from engine.cases import correspondence, drafts, history
from engine.lifecycle import CorrespondenceState
from tasks import send_correspondence
from tests import builders
from tests.integration.tasks import play


def queue_code(session, **overrides):
    facts = {
        "key": "code",
        "channel": "mail",
        "address": "sample@example.org",
        "template": "code",
        "locale": "en",
        "subject": "Your code",
        "body": "Your code is 123456.",
        "masked": True,
    }
    return correspondence.queue(session, **{**facts, **overrides})


def reload(sessions, message):
    with sessions() as session:
        return session.get_one(type(message), message.id)


def test_without_a_provider_every_channel_ends_in_the_outbox(sessions, case):
    play.run_first(sessions, case)
    sent = play.send_all(sessions, case)
    assert {message.channel for message in sent} == {"mail", "sms", "whatsapp"}
    assert {message.state for message in sent} == {CorrespondenceState.SENT}
    assert {message.carrier for message in sent} == {"simulator"}


def test_what_was_sent_stands_in_the_history(sessions, case):
    play.run_first(sessions, case)
    play.send_all(sessions, case)
    with sessions() as session:
        kinds = [event.kind for event in history.timeline(session, case.id)]
    assert kinds.count("correspondence.sent") == 3


def test_the_same_key_writes_one_message(session):
    assert queue_code(session).id == queue_code(session, body="Another text").id


def test_a_fresh_message_asks_for_its_hint(session):
    queued = queue_code(session)
    queue_code(session)
    assert session.info["correspondence"] == [queued.id]


def test_a_text_that_differs_from_its_registration_is_refused(sessions, case):
    play.run_first(sessions, case)
    with sessions.begin() as session:
        (sms,) = [m for m in correspondence.for_request(session, case.id) if m.channel == "sms"]
        sms.body += " Win a prize!"
    send_correspondence.run(str(sms.id))
    refused = reload(sessions, sms)
    assert refused.state is CorrespondenceState.FAILED
    assert "differs" in refused.error


@pytest.mark.parametrize(
    ("demo", "kept"), [("1", "Your code is 123456."), ("0", "Your code is ••••••.")]
)
def test_a_code_stays_readable_in_a_demo_alone(sessions, use, make_settings, demo, kept):
    secret = {"TURNAROUND_KEY_PASSPHRASE": "long enough passphrase"}
    use(make_settings(TURNAROUND_DEMO=demo, **secret))
    with sessions.begin() as session:
        queued = queue_code(session)
    assert correspondence.visible_body(queued) == "Your code is ••••••."
    send_correspondence.run(str(queued.id))
    assert reload(sessions, queued).body == kept


@pytest.mark.parametrize(("demo", "kept"), [("1", True), ("0", False)])
def test_a_link_that_opens_something_stays_in_a_demo_alone(
    sessions, use, make_settings, demo, kept
):
    secret = {"TURNAROUND_KEY_PASSPHRASE": "long enough passphrase"}
    use(make_settings(TURNAROUND_DEMO=demo, **secret))
    token = "a1-_" * 10 + "xyz"
    body = f"Open https://example.org/supply/{token} now; about 2026."
    with sessions.begin() as session:
        queued = queue_code(session, body=body, masked=False)
    assert token not in correspondence.visible_body(queued)
    send_correspondence.run(str(queued.id))
    assert (token in reload(sessions, queued).body) is kept
    assert "about 2026" in reload(sessions, queued).body


def test_a_code_that_ran_out_is_not_sent(sessions):
    with sessions.begin() as session:
        queued = queue_code(session)
    with clock.moved_by(correspondence.CODE_LIFETIME * 2):
        send_correspondence.run(str(queued.id))
    late = reload(sessions, queued)
    assert late.state is CorrespondenceState.FAILED
    assert "123456" not in late.body


@pytest.mark.parametrize(
    ("stated", "confirmed", "channels"),
    [("phone", "email", {"mail"}), ("email", "phone", {"sms", "whatsapp"})],
)
def test_a_contact_that_was_only_stated_gets_no_message(sessions, stated, confirmed, channels):
    with sessions.begin() as session:
        draft = builders.ready_draft(session)
        answers, held = draft.answers, draft.answers[confirmed]
        drafts.save(session, draft, {**answers, stated: ""})
        drafts.save(session, draft, answers)
        case = builders.submitted(session, draft)
    play.run_first(sessions, case)
    messages = play.messages(sessions, case)
    assert {message.channel for message in messages} == channels
    assert {message.address for message in messages} == {held}


def test_a_customer_without_any_address_is_an_incident(sessions, case):
    with sessions.begin() as session:
        request = session.get_one(type(case), case.id)
        request.email = request.phone = None
    assert "UnreachableError" in play.run_first(sessions, case).last_error


def test_released_leases_may_be_sent_at_once(sessions):
    with sessions.begin() as session:
        queued = queue_code(session)
    with sessions.begin() as session:
        correspondence.claim(session, queued.id)
        correspondence.release_leases(session)
    send_correspondence.run(str(queued.id))
    assert reload(sessions, queued).state is CorrespondenceState.SENT
