from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from engine import clock
from engine.cases import links
from engine.cases.links import Purpose
from engine.store import AccessLink

DAY = timedelta(days=1)


def test_a_link_opens_its_subject(session):
    subject = uuid4()
    token = links.issue(session, Purpose.RESUME, subject, DAY)
    assert links.redeem(session, Purpose.RESUME, token) == subject


def test_a_link_opens_nothing_for_another_purpose(session):
    token = links.issue(session, Purpose.RESUME, uuid4(), DAY)
    assert links.redeem(session, Purpose.DRAFT, token) is None


def test_a_link_opens_nothing_after_its_end(session, noon):
    token = links.issue(session, Purpose.FEEDBACK, uuid4(), DAY)
    with clock.frozen_at(noon + DAY):
        assert links.redeem(session, Purpose.FEEDBACK, token) is None


def test_a_guessed_token_opens_nothing(session):
    links.issue(session, Purpose.FEEDBACK, uuid4(), DAY)
    assert links.redeem(session, Purpose.FEEDBACK, "A" * links.TOKEN_LENGTH) is None
    assert links.redeem(session, Purpose.FEEDBACK, "") is None


def test_the_token_itself_is_not_kept(session):
    token = links.issue(session, Purpose.SUPPLY, uuid4(), DAY)
    kept = session.scalars(select(AccessLink)).one()
    assert token not in {kept.digest, kept.purpose}


def test_ending_a_purpose_leaves_the_others_open(session):
    subject = uuid4()
    draft = links.issue(session, Purpose.DRAFT, subject, DAY)
    resume = links.issue(session, Purpose.RESUME, subject, DAY)
    links.end(session, Purpose.DRAFT, subject)
    assert links.redeem(session, Purpose.DRAFT, draft) is None
    assert links.redeem(session, Purpose.RESUME, resume) == subject


def test_a_revoked_token_opens_nothing_and_the_others_still_do(session):
    subject = uuid4()
    mine, other = (links.issue(session, Purpose.TRACKING, subject, DAY) for _ in range(2))
    links.revoke(session, Purpose.TRACKING, mine)
    assert links.redeem(session, Purpose.TRACKING, mine) is None
    assert links.redeem(session, Purpose.TRACKING, other) == subject


def test_the_path_of_a_link_names_its_purpose():
    assert links.path(Purpose.FEEDBACK, "abc") == "/feedback/abc"


def test_links_that_are_over_are_forgotten(session, noon):
    links.issue(session, Purpose.SUPPLY, uuid4(), DAY)
    with clock.frozen_at(noon + DAY):
        links.expire(session)
    assert session.scalar(select(AccessLink)) is None
