"""Two processes at once: who comes second sees what the first wrote, and undoes nothing.

Each race is played with two real transactions. The second is started in a thread and let run
until it ends or waits for a lock of the first; then the first commits.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from engine import clock
from engine.cases import customers, documents, drafts, history, service_requests
from engine.errors import ConflictError, StaleJobError
from engine.execution import incidents, instances, jobs, messages, timers, user_tasks
from engine.sla import escalation
from engine.store import (
    Customer,
    Incident,
    Message,
    ServiceRequest,
    transaction,
)
from tests import builders, waiting
from tests.integration.core import racing


def test_who_claims_second_is_told(race, sessions):
    with transaction(sessions) as session:
        request = builders.submitted(session)
        racing.finish_job(session, request)
        (task,) = builders.open_tasks(session, request)
        one, two = builders.account(session, "one"), builders.account(session, "two")
    with pytest.raises(ConflictError, match="colleague"):
        race(
            lambda session: user_tasks.claim(session, task.id, one),
            lambda session: user_tasks.claim(session, task.id, two),
        )


def test_a_task_is_completed_once(race, case):
    with pytest.raises(ConflictError, match="completed"):
        race(case.decide, case.decide)


def test_a_timer_is_fired_once_by_two_schedulers(race, sessions, case):
    (first, *_) = racing.due_timers(sessions, case)

    def fire(session):
        with clock.frozen_at(first.due_at):
            return timers.fire(session, first.id)

    assert race(fire, fire) is False


def test_a_timer_that_is_due_as_its_work_ends_does_not_fire(race, sessions, case):
    (first, *_) = racing.due_timers(sessions, case)

    def fire(session):
        with clock.frozen_at(first.due_at):
            return timers.fire(session, first.id)

    race(lambda session: case.decide(session, "reject", note="No."), fire)
    (first, *_) = racing.due_timers(sessions, case)
    assert first.state.value == "cancelled"


def test_a_job_is_completed_by_the_holder_of_its_lease_alone(race, sessions):
    with transaction(sessions) as session:
        (job,) = builders.open_jobs(session, builders.submitted(session))
        jobs.claim(session, job.id)

    def take_over(session):
        with clock.moved_by(jobs.LEASE + timedelta(seconds=1)):
            jobs.claim(session, job.id)

    with pytest.raises(StaleJobError):
        race(take_over, lambda session: jobs.complete(session, job.id, 1, {}))


def test_a_draft_is_submitted_once_by_two_processes(race, sessions):
    with transaction(sessions) as session:
        draft = builders.ready_draft(session)
    made = []

    def submit(session):
        own = session.get_one(drafts.Draft, draft.id)
        application = documents.store(
            session,
            b"%PDF application",
            kind=documents.Kind.APPLICATION,
            name="application.pdf",
            media_type="application/pdf",
            draft_id=draft.id,
        )
        made.append(service_requests.submit(session, own, application).id)

    race(submit, submit)
    assert len(set(made)) == 1
    assert racing.count(sessions, ServiceRequest) == 1


def test_one_contact_is_one_customer_for_two_processes(race, sessions):
    def find(session):
        return customers.verified(
            session, kind="phone", value="+919876543210", name="Sample Customer", locale="en"
        )

    race(find, find)
    assert racing.count(sessions, Customer) == 1


def test_a_level_never_sinks(race, sessions, case):
    def raise_to(level):
        def work(session):
            known = session.get_one(ServiceRequest, case.request.id)  # as the handler has it
            escalation.raise_level(session, known.id, level)

        return work

    race(raise_to(2), raise_to(1))
    assert racing.row(sessions, ServiceRequest, case.request.id).escalation_level == 2


def test_what_refers_to_a_case_is_written_beside_an_escalation(race, sessions, case):
    def supply(session):
        history.record(session, "documents.supplied", actor="customer", request_id=case.request.id)

    with ThreadPoolExecutor(1) as pool, transaction(sessions) as session:
        supply(session)
        session.flush()
        escalate = partial(escalation.raise_level, request_id=case.request.id, level=1)
        other = pool.submit(racing.alone, sessions, escalate)
        waiting.until(lambda: other.done() or racing.stands_still(sessions), "the escalation")
        instances.lock(session, case.task.process_instance_id)  # as the message's receipt does
    other.result()


def test_the_same_key_publishes_once_in_two_processes(race, sessions):
    def publish(session):
        return messages.publish(session, "news", "NOBODY", {}, idempotency_key="k").id

    race(publish, publish)
    assert racing.count(sessions, Message) == 1


def test_an_incident_is_resolved_once(race, sessions):
    with transaction(sessions) as session:
        (job,) = builders.open_jobs(session, builders.submitted(session))
        jobs.claim(session, job.id)
        jobs.fail(session, job.id, 1, "Broken", retryable=False)
        (incident,) = incidents.open_incidents(session)

    def retry(by):
        return lambda session: jobs.retry(session, incident.id, by=by, note="mended")

    with pytest.raises(ConflictError):
        race(retry("one"), retry("two"))
    assert racing.row(sessions, Incident, incident.id).resolved_by == "one"


def test_a_job_is_given_up_while_its_instance_is_held(sessions, case):
    with clock.moved_by(timedelta(days=4, seconds=1)):
        with transaction(sessions) as session:
            timers.fire(session, timers.due(session, 1)[0])
            (job,) = builders.open_jobs(session, case.request)
            job.lost_leases = jobs.LOST_LEASES
        with transaction(sessions) as holder, transaction(sessions) as worker:
            instances.lock(holder, job.process_instance_id)
            assert jobs.claim(worker, job.id) is None
            worker.flush()  # the incident refers to the instance, and must not wait for its lock
    assert racing.count(sessions, Incident) == 1
