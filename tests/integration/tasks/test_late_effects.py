"""A worker that is too late: its job was cancelled or taken over while it worked."""

from datetime import timedelta

import pytest

from engine import clock
from engine.cases import correspondence, documents
from engine.errors import StaleJobError
from engine.execution import jobs, timers, user_tasks
from engine.lifecycle import DocumentState
from engine.store import ServiceRequest, transaction
from tasks.handlers import escalate, notify
from tests import builders
from tests.integration.tasks import play


def level_due(sessions, case):
    """The job that escalates the case, claimed by a worker."""
    play.run_first(sessions, case)
    with transaction(sessions) as session, clock.moved_by(timedelta(days=4, seconds=1)):
        (due,) = timers.due(session, 1)
        timers.fire(session, due)
        (job,) = builders.open_jobs(session, case)
        return jobs.claim(session, job.id)


def refuse(sessions, case):
    with transaction(sessions) as session:
        account = builders.account(session)
        for document in documents.unreviewed(documents.of_request(session, case.id)):
            documents.review(session, document.id, account, DocumentState.ACCEPTED)
        (task,) = builders.open_tasks(session, case)
        user_tasks.claim(session, task.id, account)
        answers = {"decision": "reject", "note": "The name differs."}
        user_tasks.complete(session, task.id, account, answers)


def test_a_case_that_is_decided_is_escalated_no_more(sessions, case):
    job = level_due(sessions, case)
    refuse(sessions, case)
    with pytest.raises(StaleJobError):
        escalate.run(play.context(job))
    with sessions() as session:
        assert session.get_one(ServiceRequest, case.id).escalation_level == 0


def test_a_worker_that_lost_its_lease_writes_to_nobody(sessions, case):
    (waiting,) = play.open_jobs(sessions, case)
    with transaction(sessions) as session:
        first = play.context(jobs.claim(session, waiting.id))
    with transaction(sessions) as session, clock.moved_by(jobs.LEASE + timedelta(seconds=1)):
        second = play.context(jobs.claim(session, waiting.id))
    with pytest.raises(StaleJobError):
        notify.run(first)
    assert play.messages(sessions, case) == []
    assert len(notify.run(second)["messages"]) == 3


def test_after_a_crash_a_message_that_had_failed_before_is_sent_at_once(sessions, case):
    play.run_first(sessions, case)
    message_id = play.messages(sessions, case)[0].id
    with transaction(sessions) as session:
        correspondence.claim(session, message_id)
        correspondence.failed(session, message_id, 1, "No answer", retryable=True)
    with clock.moved_by(timedelta(minutes=1)):
        with transaction(sessions) as session:
            correspondence.claim(session, message_id)
        with transaction(sessions) as session:
            correspondence.release_leases(session)
            assert correspondence.claim(session, message_id).attempts == 3
