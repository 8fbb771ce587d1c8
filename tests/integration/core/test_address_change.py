"""The shipped address change, step by step on PostgreSQL, with the workers played by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import documents, history
from engine.errors import ConflictError, InvalidError, NotAllowedError
from engine.execution import jobs, messages, timers, user_tasks
from engine.lifecycle import DocumentState, InstanceState, RequestStatus
from engine.store import ProcessInstance
from tests import builders

OUTPUTS = {
    "update_record": {"before": {}, "after": {}, "changed": []},
    "render_document": {"document": "statement"},
    "seal_document": {"document": "proof"},
    "declare_delay": {"due_at": "2026-12-01T12:30:00+00:00"},
}


def work_off(session, request):
    """Complete jobs as the workers would, until none is open; returns their types."""
    done = []
    while open_now := builders.open_jobs(session, request):
        job = jobs.claim(session, open_now[0].id)
        jobs.complete(session, job.id, job.attempt, OUTPUTS.get(job.type, {}))
        done.append((job.type, job.parameters.get("template")))
    return done


def decide(session, request, account, **answers):
    (task,) = [
        task
        for task in builders.open_tasks(session, request)
        if set(task.candidate_groups) & set(account.groups)
    ]
    user_tasks.claim(session, task.id, account)
    user_tasks.complete(session, task.id, account, answers)


def review_all(session, request, account, state=DocumentState.ACCEPTED, reason=""):
    for document in documents.unreviewed(documents.of_request(session, request.id)):
        documents.review(session, document.id, account, state, reason)


@pytest.fixture
def executive(session):
    return builders.account(session)


@pytest.fixture
def request_(session):
    with clock.frozen_at(builders.RECEIVED):
        request = builders.submitted(session)
        work_off(session, request)
    return request


def test_a_submitted_request_has_its_promise_and_its_first_job(session):
    with clock.frozen_at(builders.RECEIVED):
        request = builders.submitted(session)
    assert request.due_at == builders.RECEIVED + timedelta(days=5)
    assert [job.type for job in builders.open_jobs(session, request)] == ["notify"]
    assert request.state is RequestStatus.RECEIVED


def test_submitting_twice_gives_the_same_case(session):
    draft = builders.ready_draft(session)
    assert builders.submitted(session, draft).id == builders.submitted(session, draft).id


def test_the_accepted_way_ends_resolved(session, request_, executive):
    review_all(session, request_, executive)
    decide(session, request_, executive, decision="accept")
    done = work_off(session, request_)
    assert [kind for kind, _ in done] == [
        "update_record",
        "render_document",
        "seal_document",
        "notify",
        "notify",
    ]
    assert request_.state is RequestStatus.RESOLVED


def test_at_the_end_nothing_waits(session, request_, executive):
    review_all(session, request_, executive)
    decide(session, request_, executive, decision="accept")
    work_off(session, request_)
    instance = session.scalars(
        select(ProcessInstance).where(ProcessInstance.service_request_id == request_.id)
    ).one()
    assert instance.state is InstanceState.COMPLETED
    assert builders.open_tasks(session, request_) == []
    assert {timer.state.value for timer in builders.timers(session, request_)} == {"cancelled"}


def test_more_documents_wait_for_the_customer_and_come_back(session, request_, executive):
    review_all(session, request_, executive, DocumentState.UNCLEAR, "Too dark to read")
    decide(
        session,
        request_,
        executive,
        decision="more",
        items=["address_proof"],
        note="Please rescan.",
    )
    assert ("notify", "documents_needed") in work_off(session, request_)
    assert request_.state is RequestStatus.WAITING_FOR_CUSTOMER
    messages.publish(session, "documents_supplied", request_.number, {"supplied": 1})
    assert [task.element_id for task in builders.open_tasks(session, request_)] == [
        "VerifyDocuments"
    ]
    assert request_.state is RequestStatus.IN_PROGRESS


def test_a_refused_application_ends_rejected_with_a_letter(session, request_, executive):
    review_all(session, request_, executive)
    decide(session, request_, executive, decision="reject", note="The name differs.")
    assert work_off(session, request_) == [("notify", "rejected")]
    assert request_.state is RequestStatus.REJECTED


def test_the_register_that_refuses_brings_a_task_and_another_try(session, request_, executive):
    review_all(session, request_, executive)
    decide(session, request_, executive, decision="accept")
    (update,) = builders.open_jobs(session, request_)
    held = jobs.claim(session, update.id)
    jobs.throw(session, held.id, held.attempt, "RECORD_REJECTED", "No such account")
    decide(session, request_, executive, decision="again")
    assert work_off(session, request_)[0] == ("update_record", None)
    assert request_.state is RequestStatus.RESOLVED


def test_nothing_moves_while_a_document_is_undecided(session, request_, executive):
    with pytest.raises(user_tasks.DocumentsOpenError):
        decide(session, request_, executive, decision="accept")


def test_asking_for_more_needs_no_decision_about_the_rest(session, request_, executive):
    decide(session, request_, executive, decision="more", items=["other"], note="The lease.")
    assert ("notify", "documents_needed") in work_off(session, request_)


def test_nothing_is_accepted_without_its_required_documents(session, request_, executive):
    review_all(session, request_, executive, DocumentState.REJECTED, "This is another person's.")
    with pytest.raises(user_tasks.DocumentsMissingError) as caught:
        decide(session, request_, executive, decision="accept")
    assert caught.value.facts["items"] == ["address_proof", "identity_proof"]


def test_answers_are_validated_on_the_server(session, request_, executive):
    review_all(session, request_, executive)
    with pytest.raises(InvalidError) as caught:
        decide(session, request_, executive, decision="maybe")
    assert "decision" in caught.value.facts["errors"]


def test_who_comes_second_is_told(session, request_, executive):
    (task,) = builders.open_tasks(session, request_)
    user_tasks.claim(session, task.id, executive)
    with pytest.raises(ConflictError, match="colleague"):
        user_tasks.claim(session, task.id, builders.account(session, "second"))


def test_a_task_of_another_queue_cannot_be_claimed(session, request_):
    (task,) = builders.open_tasks(session, request_)
    with pytest.raises(NotAllowedError):
        user_tasks.claim(session, task.id, builders.account(session, "outsider", "managers"))


def test_time_climbs_the_ladder_level_by_level(session, request_):
    groups = []
    for days in (4, 5, 7):
        with clock.frozen_at(builders.RECEIVED + timedelta(days=days, seconds=1)):
            (due,) = timers.due(session, 10)
            assert timers.fire(session, due)
            assert work_off(session, request_) == [("escalate", None)]
        newest = builders.open_tasks(session, request_)[-1]
        groups += newest.candidate_groups
    assert groups == ["team_leaders", "managers", "department_heads"]


def test_a_declared_delay_is_told_to_the_customer(session, request_):
    leader = builders.account(session, "teamleader", "team_leaders")
    with clock.frozen_at(builders.RECEIVED + timedelta(days=4, seconds=1)):
        timers.fire(session, timers.due(session, 1)[0])
        work_off(session, request_)
        decide(
            session,
            request_,
            leader,
            reason="backlog",
            text="Many people have moved this month.",
            new_date="2026-12-01",
        )
        (declaring,) = builders.open_jobs(session, request_)
        done = work_off(session, request_)
    assert declaring.parameters["reason"] == "backlog"
    assert declaring.parameters["due_at"] == "2026-12-01"
    assert declaring.parameters["by"] == "teamleader"
    assert done == [("declare_delay", None), ("notify", "delayed")]


def test_open_escalation_work_ends_with_the_case(session, request_, executive):
    with clock.frozen_at(builders.RECEIVED + timedelta(days=4, seconds=1)):
        timers.fire(session, timers.due(session, 1)[0])
        work_off(session, request_)
        review_all(session, request_, executive)
        decide(session, request_, executive, decision="accept")
        work_off(session, request_)
    assert request_.state is RequestStatus.RESOLVED
    assert builders.open_tasks(session, request_) == []
    cancelled = [
        event.element_id
        for event in history.timeline(session, request_.id)
        if event.kind == "element.cancelled"
    ]
    assert "ExplainDelay1" in cancelled


def test_a_timer_fires_once(session, request_):
    with clock.frozen_at(builders.RECEIVED + timedelta(days=4, seconds=1)):
        (due,) = timers.due(session, 10)
        assert timers.fire(session, due)
        assert not timers.fire(session, due)


def test_history_tells_who_did_what(session, request_, executive):
    review_all(session, request_, executive)
    decide(session, request_, executive, decision="accept")
    work_off(session, request_)
    kinds = [event.kind for event in history.timeline(session, request_.id)]
    for kind in ("request.submitted", "user_task.claimed", "document.accepted"):
        assert kind in kinds
    assert kinds[-1] == "instance.completed"
