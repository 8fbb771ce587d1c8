"""Queues and cards: counted right, paged by key, read in few statements."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine import clock
from engine.cases import paging, worklist
from engine.errors import NotFoundError
from engine.execution import user_tasks
from engine.people import accounts
from engine.people.roles import Role
from engine.store import Document, transaction
from tests.integration.web import cases
from tests.integration.web.statements import counted

PASSWORD = "a demo's password"


@pytest.fixture
def leader(session):
    accounts.ensure_demo(session, PASSWORD)
    return accounts.by_name(session, "teamleader")


def test_queues_count_what_waits_and_what_is_late(session, leader):
    cases.submitted(session)
    with clock.moved_by(-timedelta(days=6)):
        cases.submitted(session)
    mine, own, below = worklist.queues(session, leader)
    assert (mine.group, mine.waiting) == (None, 0)
    assert (own.group, own.waiting) == ("team_leaders", 0)
    assert (below.group, below.waiting, below.late) == ("executives", 2, 1)


def test_a_claimed_task_counts_for_its_holder_alone(session, leader):
    cases.submitted(session)
    user_tasks.claim(session, cases.open_task(session).id, leader)
    session.flush()
    mine, _own, below = worklist.queues(session, leader)
    assert (mine.waiting, below.waiting) == (1, 0)


def test_a_queue_begins_with_the_most_urgent_and_pages_without_gap_or_repeat(session):
    for days in (3, 1, 2):
        with clock.moved_by(-timedelta(days=days)):
            cases.submitted(session)
    first = worklist.queue(session, "executives", limit=2)
    rest = worklist.queue(session, "executives", after=paging.read_key(first.following), limit=2)
    due = [card.due_at for card in (*first.rows, *rest.rows)]
    assert len(due) == 3
    assert due == sorted(due)
    assert rest.following is None


def test_a_task_that_there_is_not_is_not_found(session):
    with pytest.raises(NotFoundError):
        worklist.task(session, uuid4())


@pytest.mark.parametrize("requests", [1, 4])
def test_a_list_takes_the_same_few_statements_however_long_it_is(sessions, signed_in, requests):
    executive = signed_in(Role.EXECUTIVE)
    with transaction(sessions) as session:
        for _ in range(requests):
            cases.submitted(session)
    executive.get("/inbox/queues/executives")  # fills the cache of request types
    with counted(sessions) as sent:
        executive.get("/inbox/queues/executives")
    assert len(sent) == 4  # who asks, two counts, the cards


def test_a_task_page_takes_a_bounded_number_of_statements(sessions, signed_in):
    executive = signed_in(Role.EXECUTIVE)
    with transaction(sessions) as session:
        cases.submitted(session)
        task = cases.open_task(session)
    executive.get(f"/inbox/tasks/{task.id}")
    with counted(sessions) as sent:
        executive.get(f"/inbox/tasks/{task.id}")
    assert len(sent) <= 10


def test_completing_a_task_takes_at_most_twelve_statements_in_one_transaction(sessions, signed_in):
    executive = signed_in(Role.EXECUTIVE)
    with transaction(sessions) as session:
        cases.submitted(session)
        task = cases.open_task(session)
    executive.post(f"/inbox/tasks/{task.id}/claim")
    form = {
        "decision": "reject",
        "note": "The bill is of another house.",
        "_action": "complete",
    }
    for document in uploads(sessions):
        address = f"/inbox/tasks/{task.id}/documents/{document}"
        executive.post(address, data={"decision": "accepted"})
    with counted(sessions) as sent:
        assert executive.post(f"/inbox/tasks/{task.id}", data=form).status_code == 303
    assert len(sent) <= 12 + 2  # the engine's, and who asks for which task


def uploads(sessions):
    with sessions() as session:
        return list(session.scalars(select(Document.id).where(Document.kind == "upload")))
