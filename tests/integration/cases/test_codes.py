from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import codes
from engine.store import Correspondence, VerificationCode

SUBJECT = {"purpose": "track", "subject": "7KQ4M2ZXP"}


class Outbox:
    """Keeps the codes it wrote letters for."""

    def __init__(self):
        self.codes = []

    def __call__(self, code):
        self.codes.append(code)
        return codes.Message("code", "Your code", f"Your code is {code}.")


@pytest.fixture
def outbox():
    return Outbox()


def issue(session, outbox, **overrides):
    facts = {**SUBJECT, "channel": "sms", "address": "+919840012345", "locale": "en"}
    codes.issue(session, compose=outbox, **{**facts, **overrides})
    return outbox.codes[-1]


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_code_that_was_sent_is_accepted(session, outbox):
    code = issue(session, outbox)
    assert len(code) == 6
    assert codes.check(session, **SUBJECT, code=code)


def test_a_code_may_be_typed_with_a_blank(session, outbox):
    code = issue(session, outbox)
    assert codes.check(session, **SUBJECT, code=f" {code[:3]} {code[3:]}")


def test_a_code_works_once(session, outbox):
    code = issue(session, outbox)
    assert codes.check(session, **SUBJECT, code=code)
    assert not codes.check(session, **SUBJECT, code=code)


def test_a_wrong_code_is_refused(session, outbox):
    assert not codes.check(session, **SUBJECT, code=wrong(issue(session, outbox)))


def test_a_code_is_worth_nothing_for_another_subject(session, outbox):
    code = issue(session, outbox)
    assert not codes.check(session, purpose="track", subject="OTHER", code=code)
    assert not codes.check(session, purpose="confirm", subject=SUBJECT["subject"], code=code)


def test_a_code_is_worth_nothing_after_ten_minutes(session, outbox, noon):
    code = issue(session, outbox)
    with clock.frozen_at(noon + timedelta(minutes=10)):
        assert not codes.check(session, **SUBJECT, code=code)


def test_a_newer_code_ends_the_older(session, outbox):
    old, new = issue(session, outbox), issue(session, outbox)
    assert old == new or not codes.check(session, **SUBJECT, code=old)
    assert codes.check(session, **SUBJECT, code=new)


def test_after_five_wrong_tries_the_right_code_is_refused_too(session, outbox):
    code = issue(session, outbox)
    for _ in range(5):
        codes.check(session, **SUBJECT, code=wrong(code))
    assert codes.tries_left(session, **SUBJECT) == 0
    assert not codes.check(session, **SUBJECT, code=code)


def test_a_new_code_brings_no_new_tries(session, outbox):
    code = issue(session, outbox)
    for _ in range(5):
        codes.check(session, **SUBJECT, code=wrong(code))
    assert not codes.check(session, **SUBJECT, code=issue(session, outbox))


def test_ten_minutes_later_a_new_code_is_accepted_again(session, outbox, noon):
    code = issue(session, outbox)
    for _ in range(5):
        codes.check(session, **SUBJECT, code=wrong(code))
    with clock.frozen_at(noon + timedelta(minutes=11)):
        assert codes.check(session, **SUBJECT, code=issue(session, outbox))


def test_a_subject_gets_five_codes_an_hour(session, outbox, noon):
    for number in range(5):
        issue(session, outbox, address=f"+91984001234{number}")
    with pytest.raises(codes.TooManyCodesError):
        issue(session, outbox, address="+919840012349")
    with clock.frozen_at(noon + timedelta(minutes=61)):
        issue(session, outbox)


def test_an_address_gets_five_codes_an_hour(session, outbox):
    for number in range(5):
        issue(session, outbox, subject=str(number))
    with pytest.raises(codes.TooManyCodesError):
        issue(session, outbox, subject="another")


def test_only_a_hash_of_the_code_is_kept(session, outbox):
    code = issue(session, outbox)
    assert code not in session.scalars(select(VerificationCode)).one().digest


def test_the_message_goes_out_masked_to_the_address(session, outbox):
    code = issue(session, outbox)
    sent = session.scalars(select(Correspondence)).one()
    assert (sent.channel, sent.address, sent.masked) == ("sms", "+919840012345", True)
    assert sent.body == f"Your code is {code}."


def test_a_subject_that_does_not_exist_behaves_alike_but_nothing_is_sent(session, outbox):
    code = issue(session, outbox, address=None)
    assert session.scalar(select(Correspondence)) is None
    for _ in range(5):
        assert not codes.check(session, **SUBJECT, code=code)
    assert codes.tries_left(session, **SUBJECT) == 0


def test_codes_nobody_counts_any_more_are_forgotten(session, outbox, noon):
    issue(session, outbox)
    with clock.frozen_at(noon + timedelta(days=1)):
        codes.expire(session)
    assert session.scalar(select(VerificationCode)) is None
