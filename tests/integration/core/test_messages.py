"""Messages find the instance that waits; early ones are kept, repeated ones are harmless."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import documents
from engine.execution import jobs, messages, user_tasks
from engine.lifecycle import DocumentState, MessageState
from engine.store import Message
from tests import builders


@pytest.fixture
def asking(session):
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
    assert messages.deliver_waiting(session, 10) == 1
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
