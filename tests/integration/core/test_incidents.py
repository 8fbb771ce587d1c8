"""What the runtime refuses becomes an incident: the case stands still, nothing is lost."""

from datetime import timedelta

import pytest

from engine import clock, runtime
from engine.cases import documents, history
from engine.errors import ConflictError
from engine.execution import incidents, instances, jobs, timers, user_tasks
from engine.lifecycle import DocumentState, IncidentState, InstanceState
from engine.store import Job, ProcessInstance
from tests import builders


def refuse(*arguments):
    raise runtime.InstanceTooLargeError(element="VerifyDocuments", count=600)


@pytest.fixture
def locked(session):
    request = builders.submitted(session)
    instance = session.query(ProcessInstance).filter_by(service_request_id=request.id).one()
    return instances.lock(session, instance.id)


def test_an_instance_grown_too_large_is_suspended_with_advice(session, locked):
    before = locked.row.workflow_state
    instances.advance(session, locked, refuse)
    (incident,) = incidents.open_incidents(session)
    assert (incident.kind, incident.element_id) == ("instance_too_large", "VerifyDocuments")
    assert "sub-process" in incident.message
    assert locked.row.state is InstanceState.SUSPENDED
    assert locked.row.workflow_state == before


def test_a_suspended_instance_does_not_go_on(session, locked):
    instances.advance(session, locked, refuse)
    with pytest.raises(ConflictError, match="suspended"):
        instances.advance(session, locked, refuse)


def test_jobs_of_a_suspended_instance_are_not_offered(session, locked):
    instances.advance(session, locked, refuse)
    session.flush()
    assert jobs.due(session, 10, overdue_by=-jobs.LEASE) == []


def test_a_job_of_a_suspended_instance_is_not_claimed(session, locked):
    (job,) = session.query(Job).filter_by(process_instance_id=locked.row.id)
    instances.advance(session, locked, refuse)
    session.flush()
    assert jobs.claim(session, job.id) is None


def test_an_incident_ends_with_the_work_it_stopped(session):
    with clock.frozen_at(builders.RECEIVED):
        request, account = builders.submitted(session), builders.account(session)
        finish(session, request)
    with clock.frozen_at(builders.RECEIVED + timedelta(days=4, seconds=1)):
        timers.fire(session, *timers.due(session, 1))
        fail(session, request)
        (incident,) = incidents.open_incidents(session)
        refuse_application(session, request, account)
    assert (incident.state, incident.resolved_by) == (IncidentState.RESOLVED, "system")
    kinds = [event.kind for event in history.timeline(session, request.id)]
    assert "incident.resolved" in kinds


def finish(session, request):
    job = claimed(session, request)
    jobs.complete(session, job.id, job.attempt, {})


def fail(session, request):
    job = claimed(session, request)
    jobs.fail(session, job.id, job.attempt, "No such template", retryable=False)


def claimed(session, request):
    (waiting,) = builders.open_jobs(session, request)
    return jobs.claim(session, waiting.id)


def refuse_application(session, request, account):
    for document in documents.unreviewed(documents.of_request(session, request.id)):
        documents.review(session, document.id, account, DocumentState.ACCEPTED)
    (task,) = builders.open_tasks(session, request)
    user_tasks.claim(session, task.id, account)
    answers = {"decision": "reject", "note": "The name differs."}
    user_tasks.complete(session, task.id, account, answers)
