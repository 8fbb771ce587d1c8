"""Messages find the instance that waits; early ones are kept, repeated ones are harmless."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import documents
from engine.execution import jobs, messages, user_tasks
from engine.lifecycle import DocumentState, InstanceState, MessageState
from engine.store import Message, ProcessInstance, transaction
from tasks.scheduler import Scheduler
from tests import builders


@pytest.fixture
def asking(session):
    return ask(session)


def ask(session):
    """A request whose executive has just asked for more; the question is still on its way."""
    request, account = builders.submitted(session), builders.account(session)
    finish_job(session, request)
    for document in documents.unreviewed(documents.of_request(session, request.id)):
        documents.review(session, document.id, account, DocumentState.ACCEPTED)
    (task,) = builders.open_tasks(session, request)
    user_tasks.claim(session, task.id, account)
    answers = {"decision": "more", "items": ["other"], "note": "The lease, please."}
    user_tasks.complete(session, task.id, account, answers)
    return request


def finish_job(session, request):
    (row,) = builders.open_jobs(session, request)
    job = jobs.claim(session, row.id)
    jobs.complete(session, job.id, job.attempt, {})


def publish(session, request, key=None):
    return messages.publish(
        session, "documents_supplied", request.number, {"comment": "here"}, idempotency_key=key
    )


def test_a_message_reaches_who_waits_for_it(session, asking):
    finish_job(session, asking)
    assert publish(session, asking).state is MessageState.DELIVERED


def test_an_early_message_is_kept_and_delivered_later(session, asking):
    message = publish(session, asking)
    assert message.state is MessageState.WAITING
    finish_job(session, asking)
    assert messages.deliverable(session, 10) == [message.id]
    assert messages.deliver(session, message.id)
    assert message.state is MessageState.DELIVERED


def test_the_same_key_is_one_message(session, asking):
    finish_job(session, asking)
    assert publish(session, asking, "k").id == publish(session, asking, "k").id
    assert len(session.scalars(select(Message)).all()) == 1


def test_a_message_for_nobody_expires(session):
    message = messages.publish(session, "documents_supplied", "NOBODY", {})
    with clock.moved_by(messages.KEPT + timedelta(seconds=1)):
        messages.expire(session)
    session.refresh(message)
    assert message.state is MessageState.EXPIRED


def test_a_message_for_a_case_that_stands_still_is_kept(session, asking):
    message = publish(session, asking)
    finish_job(session, asking)
    instance = session.scalars(select(ProcessInstance)).one()
    instance.state = InstanceState.SUSPENDED
    assert messages.deliverable(session, 10) == []
    instance.state = InstanceState.ACTIVE
    assert messages.deliverable(session, 10) == [message.id]


def test_of_several_early_messages_the_oldest_comes_first(session, asking):
    with clock.moved_by(timedelta(seconds=-5)):
        early = publish(session, asking)
    publish(session, asking)
    finish_job(session, asking)
    assert messages.deliverable(session, 10) == [early.id]


def test_an_early_message_is_delivered_by_the_next_pass_of_the_scheduler(sessions):
    with transaction(sessions) as session:
        request = ask(session)
        publish(session, request)
        finish_job(session, request)
    Scheduler(sessions).step()
    with sessions() as session:
        assert [t.element_id for t in builders.open_tasks(session, request)] == ["VerifyDocuments"]


def test_a_message_that_is_published_as_its_wait_begins_is_not_lost(sessions):
    with transaction(sessions) as session:
        request = ask(session)
    with transaction(sessions) as early, transaction(sessions) as other:
        publish(early, request)
        finish_job(other, request)
    with sessions() as session:
        assert len(messages.deliverable(session, 10)) == 1
