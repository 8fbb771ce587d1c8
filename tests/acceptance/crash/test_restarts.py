"""A machine that is restarted often is no fault of the work it interrupts."""

import pytest

from engine import clock
from engine.cases import correspondence
from engine.execution import jobs
from engine.lifecycle import CorrespondenceState, JobState
from tests import builders

RESTARTS = 12


@pytest.fixture
def message(session):
    return correspondence.queue(
        session,
        key="one",
        channel="mail",
        address="sample.customer@example.org",
        template="acknowledged",
        locale="en",
        body="We have it.",
    )


def test_a_message_outlives_many_lost_senders(session, message):
    for restart in range(RESTARTS):
        with clock.moved_by(correspondence.LEASE * restart * 2):
            assert correspondence.claim(session, message.id)
            attempt = message.attempts
    assert correspondence.sent(session, message.id, attempt, reference="<one>", carrier="smtp")
    assert message.state is CorrespondenceState.SENT


def test_a_message_whose_senders_are_always_lost_is_given_up(session, message):
    for restart in range(correspondence.MOST_TRIES + 1):
        with clock.moved_by(correspondence.LEASE * restart * 2):
            correspondence.claim(session, message.id)
    assert message.state is CorrespondenceState.FAILED


def test_a_job_outlives_many_lost_workers(session):
    (job,) = builders.open_jobs(session, builders.submitted(session))
    for restart in range(RESTARTS):
        with clock.moved_by(jobs.LEASE * restart * 2):
            held = jobs.claim(session, job.id)
    jobs.complete(session, job.id, held.attempt, {})
    assert held.state is JobState.COMPLETED
