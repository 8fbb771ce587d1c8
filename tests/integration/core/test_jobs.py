"""Jobs: leases, fencing, back-off, incidents."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.errors import StaleJobError
from engine.execution import incidents, jobs
from engine.lifecycle import JobState
from engine.store import Job
from tests import builders

NOW = builders.RECEIVED


@pytest.fixture
def job(session):
    with clock.frozen_at(NOW):
        return builders.open_jobs(session, builders.submitted(session))[0]


def at(**later):
    return clock.frozen_at(NOW + timedelta(**later))


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(session, job):
    with at():
        assert jobs.claim(session, job.id) is job
        assert jobs.claim(session, job.id) is None
    with at(minutes=6):
        assert jobs.claim(session, job.id).attempt == 2


def test_a_worker_that_lost_its_lease_completes_nothing(session, job):
    with at():
        jobs.claim(session, job.id)
    with at(minutes=6):
        jobs.claim(session, job.id)
        with pytest.raises(StaleJobError):
            jobs.complete(session, job.id, 1, {})
        jobs.complete(session, job.id, 2, {})
    assert job.state is JobState.COMPLETED


@pytest.mark.parametrize(("before", "pause"), list(enumerate(jobs.BACKOFF)))
def test_each_failure_waits_longer(session, job, before, pause):
    with at():
        jobs.claim(session, job.id)
        job.failures = before
        jobs.fail(session, job.id, 1, "The mail server is away")
        assert job.state is JobState.RETRYABLE
        assert job.due_at == NOW + pause


def test_the_last_failure_is_an_incident_with_advice(session, job):
    with at():
        jobs.claim(session, job.id)
        job.failures = job.max_attempts - 1
        jobs.fail(session, job.id, 1, "The mail server is away")
    (incident,) = incidents.open_incidents(session)
    assert incident.message == "The mail server is away"
    assert incident.advice
    assert job.state is JobState.FAILED


def test_what_cannot_be_mended_by_waiting_is_an_incident_at_once(session, job):
    with at():
        jobs.claim(session, job.id)
        jobs.fail(session, job.id, 1, "There is no such template", retryable=False)
    assert len(incidents.open_incidents(session)) == 1


def test_a_lost_worker_is_no_failure_of_the_job(session, job):
    for attempt in range(job.max_attempts + 3):
        with at(minutes=6 * attempt):
            held = jobs.claim(session, job.id)
    assert held.failures == 0
    assert incidents.open_incidents(session) == []


def test_a_job_that_kills_its_workers_ends_as_an_incident(session, job):
    for attempt in range(jobs.LOST_LEASES + 1):
        with at(minutes=6 * attempt):
            jobs.claim(session, job.id)
    assert job.state is JobState.FAILED
    assert "worker" in incidents.open_incidents(session)[0].message


def test_an_error_nobody_catches_is_an_incident(session, job):
    with at():
        jobs.claim(session, job.id)
        jobs.throw(session, job.id, 1, "UNKNOWN", "Something odd")
    assert "UNKNOWN" in incidents.open_incidents(session)[0].message


def test_an_operator_lets_a_failed_job_run_again(session, job):
    with at():
        jobs.claim(session, job.id)
        jobs.fail(session, job.id, 1, "Broken", retryable=False)
        (incident,) = incidents.open_incidents(session)
        jobs.retry(session, incident.id, by="operator", note="mended")
        again = jobs.claim(session, job.id)
    assert (again.attempt, again.failures) == (2, 0)
    assert incidents.open_incidents(session) == []


def test_a_job_that_nobody_took_is_offered_again(session, job):
    with at():
        assert jobs.due(session, 10) == []
    with at(seconds=11):
        assert jobs.due(session, 10) == [job.id]


def test_a_job_written_in_a_transaction_is_hinted_after_it(session):
    request = builders.submitted(session)
    hinted = session.info["jobs"]
    written = session.scalars(select(Job.id)).all()
    assert set(written) == set(hinted)
    assert request is not None
