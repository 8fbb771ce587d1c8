"""Promised bounds: statements and commits of one completed user task."""

import pytest
from sqlalchemy import event

from engine import runtime
from engine.cases import documents
from engine.execution import instances, jobs, user_tasks
from engine.lifecycle import DocumentState
from engine.store import Job, transaction
from tests import builders

MOST_STATEMENTS = 8  # of twelve that were promised


@pytest.fixture
def counted(database_engine):
    seen = {"statements": [], "commits": 0}

    def statement(*arguments):
        seen["statements"].append(arguments[2])

    def commit(conn):
        seen["commits"] += 1

    event.listen(database_engine, "before_cursor_execute", statement)
    event.listen(database_engine, "commit", commit)
    yield seen
    event.remove(database_engine, "before_cursor_execute", statement)
    event.remove(database_engine, "commit", commit)


def test_a_second_step_under_one_lock_sees_what_the_first_one_opened(sessions):
    with transaction(sessions) as session:
        request = builders.submitted(session)
        (first,) = builders.open_jobs(session, request)
        _, locked = instances.lock_of(session, Job, first.id)
        instances.advance(session, locked, runtime.complete, first.token_id, {})
        (task,) = builders.open_tasks(session, request)
        more = {"decision": "more", "missing": ["address_proof"]}
        instances.advance(session, locked, runtime.complete, task.token_id, {"verification": more})
        assert builders.open_tasks(session, request) == []


def test_completing_a_user_task_takes_eight_statements_and_one_commit(sessions, counted):
    with transaction(sessions) as session:
        request, account = builders.submitted(session), builders.account(session)
        (first,) = builders.open_jobs(session, request)
        job = jobs.claim(session, first.id)
        jobs.complete(session, job.id, job.attempt, {})
        (task,) = builders.open_tasks(session, request)
        user_tasks.claim(session, task.id, account)
        for document in documents.unreviewed(documents.of_request(session, request.id)):
            documents.review(session, document.id, account, DocumentState.ACCEPTED)
    counted["statements"].clear()
    counted["commits"] = 0
    with transaction(sessions) as session:
        user_tasks.complete(session, task.id, account, {"decision": "accept"})
    assert counted["commits"] == 1
    assert len(counted["statements"]) <= MOST_STATEMENTS, "\n\n".join(counted["statements"])
