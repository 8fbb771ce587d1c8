"""One job at a time: success, retry, incident, lost lease, errors for the diagram."""

from datetime import timedelta
from uuid import uuid4

import pytest
from dramatiq.middleware import TimeLimitExceeded
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from engine import clock
from engine.execution import incidents, jobs
from engine.lifecycle import JobState
from engine.store import Correspondence, Job
from tasks import run_job
from tasks.handlers import registry
from tasks.handlers.errors import BpmnError
from tests import builders
from tests.integration.tasks import play


@pytest.fixture
def handle(monkeypatch):
    """Let every type of job be handled by this function."""

    def put(handler):
        monkeypatch.setattr(registry, "find", lambda _type: handler)

    return put


class Failing:
    def __init__(self, error):
        self.error, self.calls = error, 0

    def __call__(self, _context):
        self.calls += 1
        raise self.error


def test_a_finished_job_lets_the_case_go_on(sessions, case):
    done = play.run_first(sessions, case)
    assert done.state is JobState.COMPLETED
    assert done.output["channels"] == ["mail", "sms", "whatsapp"]
    with sessions() as session:
        assert [t.element_id for t in builders.open_tasks(session, case)] == ["VerifyDocuments"]


def test_a_failed_job_waits_for_its_next_try(sessions, case, handle):
    handle(Failing(ConnectionError("no answer")))
    failed = play.run_first(sessions, case)
    assert failed.state is JobState.RETRYABLE
    assert failed.last_error == "ConnectionError: no answer"
    assert failed.due_at > clock.now() + jobs.BACKOFF[0] - timedelta(seconds=5)


def test_a_job_that_is_not_due_is_left_alone(sessions, case, handle):
    failing = Failing(ConnectionError())
    handle(failing)
    play.run_first(sessions, case)
    play.run_first(sessions, case)
    assert failing.calls == 1


def test_after_the_last_try_a_person_is_asked(sessions, case, handle):
    handle(Failing(ConnectionError("no answer")))
    for day in range(4):
        with clock.moved_by(timedelta(days=day)):
            failed = play.run_first(sessions, case)
    assert (failed.state, failed.attempt) == (JobState.FAILED, 4)
    with sessions() as session:
        (incident,) = incidents.open_incidents(session)
    assert incident.job_id == failed.id
    assert "no answer" in incident.message


def test_a_mistake_in_the_diagram_is_an_incident_at_once(sessions, case):
    (waiting,) = play.open_jobs(sessions, case)
    with sessions.begin() as session:
        session.get_one(Job, waiting.id).parameters = {"template": "nowhere"}
    assert play.run_first(sessions, case).state is JobState.FAILED


def test_an_operator_lets_the_job_run_again(sessions, case, handle, monkeypatch):
    handle(Failing(registry.UnknownJobTypeError()))
    failed = play.run_first(sessions, case)
    monkeypatch.undo()
    with sessions.begin() as session:
        (incident,) = incidents.open_incidents(session)
        jobs.retry(session, incident.id, by="operator", note="Deployed.")
    run_job.run(str(failed.id))
    assert play.job(sessions, failed.id).state is JobState.COMPLETED


def test_a_worker_that_lost_its_lease_completes_nothing(sessions, case, handle):
    (waiting,) = play.open_jobs(sessions, case)

    def slow(context):
        with clock.moved_by(jobs.LEASE * 2), sessions.begin() as session:
            assert jobs.claim(session, context.job_id).attempt == 2
        return {}

    handle(slow)
    run_job.run(str(waiting.id))
    held = play.job(sessions, waiting.id)
    assert (held.state, held.attempt) == (JobState.EXECUTING, 2)


def test_an_error_for_the_diagram_without_a_boundary_is_an_incident(sessions, case, handle):
    handle(Failing(BpmnError("NOBODY", "Nobody catches this")))
    failed = play.run_first(sessions, case)
    assert failed.state is JobState.FAILED
    assert "NOBODY" in failed.last_error


def test_killed_before_the_report_the_handler_finds_what_it_did(sessions, case, monkeypatch):
    def killed(*_arguments, **_facts):
        raise OperationalError("commit", {}, Exception("the process is gone"))

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "complete", killed)
        patched.setattr(jobs, "fail", killed)
        (waiting,) = play.open_jobs(sessions, case)
        run_job.run(str(waiting.id))
    before = {message.id for message in play.messages(sessions, case)}
    with clock.moved_by(jobs.LEASE * 2):
        run_job.run(str(waiting.id))
    assert play.job(sessions, waiting.id).state is JobState.COMPLETED
    assert len(before) == 3
    assert {message.id for message in play.messages(sessions, case)} == before


def test_a_hint_at_nothing_does_nothing(sessions):
    run_job.run(str(uuid4()))
    with sessions() as session:
        assert session.scalars(select(Correspondence)).all() == []


def test_the_time_limit_of_an_actor_is_a_failure_like_others(sessions, case, handle):
    handle(Failing(TimeLimitExceeded()))
    assert play.run_first(sessions, case).state is JobState.RETRYABLE
