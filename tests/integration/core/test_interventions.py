"""What an operator does by hand, and what stays as it was."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import documents, history
from engine.definitions import bundles
from engine.errors import ConflictError, InvalidError
from engine.execution import incidents, interventions, jobs, timers, user_tasks
from engine.lifecycle import DocumentState, InstanceState, JobState, RequestStatus
from engine.store import Job, ProcessInstance
from tests import builders

BY = {"by": "operator", "note": "Mended by hand"}


@pytest.fixture
def request_(session):
    return builders.submitted(session)


@pytest.fixture
def instance(session, request_):
    owned = select(ProcessInstance).where(ProcessInstance.service_request_id == request_.id)
    return session.scalars(owned).one()


@pytest.fixture
def failed(session, instance):
    """The incident of the first job, which failed for good."""
    (job,) = session.scalars(select(Job).where(Job.process_instance_id == instance.id))
    claimed = jobs.claim(session, job.id)
    jobs.fail(session, job.id, claimed.attempt, "No such template", retryable=False)
    session.flush()
    return incidents.open_incidents(session)[0]


def kinds(session, request):
    session.flush()
    return [event.kind for event in history.timeline(session, request.id)]


def test_a_failed_job_is_completed_by_hand_and_the_case_goes_on(session, failed, request_):
    interventions.finish_job(session, failed.id, {"messages": []}, **BY)
    job = session.get_one(Job, failed.job_id)
    assert (job.state, job.output) == (JobState.COMPLETED, {"messages": []})
    assert builders.open_tasks(session, request_)
    told = history.timeline(session, request_.id)
    (by_hand,) = (event for event in told if event.kind == "job.completed_by_hand")
    assert (by_hand.actor, by_hand.data["note"]) == ("operator", "Mended by hand")


def test_who_comes_second_is_told_who_resolved_it(session, failed):
    interventions.finish_job(session, failed.id, {}, **BY)
    with pytest.raises(ConflictError, match="operator has resolved"):
        interventions.finish_job(session, failed.id, {}, **BY)


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_nothing_is_done_by_hand_without_a_reason(session, instance, note):
    with pytest.raises(InvalidError, match="reason"):
        interventions.suspend(session, instance.id, by="operator", note=note)


def test_a_suspended_case_stands_still_and_goes_on_where_it_was(session, instance):
    interventions.suspend(session, instance.id, **BY)
    session.flush()
    assert jobs.due(session, 10, overdue_by=-jobs.LEASE) == []
    interventions.resume(session, instance.id, **BY)
    session.flush()
    assert len(jobs.due(session, 10, overdue_by=-jobs.LEASE)) == 1


def test_suspending_twice_and_resuming_what_runs_is_refused(session, instance):
    with pytest.raises(ConflictError, match="active"):
        interventions.resume(session, instance.id, **BY)
    interventions.suspend(session, instance.id, **BY)
    with pytest.raises(ConflictError, match="suspended"):
        interventions.suspend(session, instance.id, **BY)


def test_a_cancelled_case_takes_back_its_work_and_tells_the_customer(session, instance, request_):
    interventions.cancel(session, instance.id, end=RequestStatus.WITHDRAWN, **BY)
    session.flush()
    session.expire_all()
    assert instance.state is InstanceState.TERMINATED
    assert request_.state is RequestStatus.WITHDRAWN
    assert request_.ended_at is not None
    (job,) = session.scalars(select(Job).where(Job.process_instance_id == instance.id))
    assert job.state is JobState.CANCELLED
    assert kinds(session, request_)[-2:] == ["instance.cancelled", "request.withdrawn"]


def test_cancelling_resolves_the_incidents_of_the_case(session, instance, failed):
    interventions.cancel(session, instance.id, end=RequestStatus.REJECTED, **BY)
    session.flush()
    assert incidents.open_incidents(session) == []


def test_what_is_over_cannot_be_cancelled(session, instance):
    interventions.cancel(session, instance.id, end=RequestStatus.REJECTED, **BY)
    with pytest.raises(ConflictError, match="terminated"):
        interventions.cancel(session, instance.id, end=RequestStatus.REJECTED, **BY)


def test_an_end_that_is_none_is_refused(session, instance):
    with pytest.raises(InvalidError):
        interventions.cancel(session, instance.id, end=RequestStatus.RESOLVED, **BY)


def unanswerable(files):
    """The bundle with a gateway that has no way out for "accept"."""
    text = files["process.bpmn"].decode()
    text = text.replace(' default="ToRejected"', "")
    text = text.replace('verification.decision = "accept"', 'verification.decision = "approve"')
    flow = re.search(r'<bpmn:sequenceFlow id="ToRejected"[^>]*?/>', text)[0]
    condition = '<bpmn:conditionExpression>verification.decision = "reject"'
    longer = f"{flow[:-2]}>{condition}</bpmn:conditionExpression></bpmn:sequenceFlow>"
    return {**files, "process.bpmn": text.replace(flow, longer).encode()}


@pytest.fixture
def stopped(session):
    """A case that its diagram stopped after the decision, and the incident."""
    files = bundles.read_folder(builders.BUNDLE)
    request_type = bundles.deploy(session, unanswerable(files), "analyst")
    request = builders.submitted(session, builders.ready_draft(session, request_type))
    (job,) = builders.open_jobs(session, request)
    jobs.complete(session, job.id, jobs.claim(session, job.id).attempt, {})
    (task,) = builders.open_tasks(session, request)
    account = builders.account(session)
    user_tasks.claim(session, task.id, account)
    for document in documents.unreviewed(documents.of_request(session, request.id)):
        documents.review(session, document.id, account, DocumentState.ACCEPTED)
    user_tasks.complete(session, task.id, account, {"decision": "accept"})
    session.flush()
    (incident,) = incidents.open_incidents(session)
    return request, incident


def test_what_the_stopped_step_was_given_is_shown(session, stopped):
    held = interventions.held_by(session, stopped[1].id)
    assert held.output["verification"]["decision"] == "accept"
    assert held.output["verification"]["completed_by"] == "executive"


def test_a_stopped_step_taken_again_with_other_values_goes_on(session, stopped):
    request, incident = stopped
    given = {"verification": {"decision": "approve", "completed_by": "executive"}}
    assert interventions.try_again(session, incident.id, given, **BY)
    assert [job.element_id for job in builders.open_jobs(session, request)] == ["UpdateRecord"]
    told = history.timeline(session, request.id)
    (again,) = (event for event in told if event.kind == "instance.tried_again")
    assert again.data["before"]["verification"]["decision"] == "accept"
    assert again.data["after"] == given


def test_a_step_that_fails_again_stops_the_case_again(session, stopped):
    _, incident = stopped
    assert not interventions.try_again(session, incident.id, **BY)
    session.flush()
    (again,) = incidents.open_incidents(session)
    assert again.id != incident.id
    assert again.element_id == incident.element_id


def test_a_stopped_case_is_not_simply_resumed(session, stopped):
    with pytest.raises(ConflictError, match="Try the stopped step again"):
        interventions.resume(session, stopped[1].process_instance_id, **BY)


def test_a_stopped_case_can_be_cancelled(session, stopped):
    request, incident = stopped
    instance_id, end = incident.process_instance_id, RequestStatus.REJECTED
    interventions.cancel(session, instance_id, end=end, **BY)
    assert request.state is RequestStatus.REJECTED
    session.flush()
    assert incidents.open_incidents(session) == []


def test_a_failed_job_is_no_stopped_step(session, failed):
    with pytest.raises(ConflictError, match="did not stop"):
        interventions.try_again(session, failed.id, **BY)


def test_timers_of_a_suspended_case_wait(session, instance, request_, failed):
    interventions.finish_job(session, failed.id, {}, **BY)
    interventions.suspend(session, instance.id, **BY)
    session.flush()
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        assert timers.due(session, 10) == []
        assert timers.fire(session, builders.timers(session, request_)[0].id) is False
