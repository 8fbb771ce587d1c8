"""A declared delay moves what is due, keeps the first promise, and is declared once."""

from datetime import timedelta

import pytest

from engine import clock
from engine.errors import InvalidError
from engine.execution import jobs
from engine.sla import delays
from tests import builders

LATER = builders.RECEIVED + timedelta(days=9)


@pytest.fixture
def request_(session):
    with clock.frozen_at(builders.RECEIVED):
        request = builders.submitted(session)
        (first,) = builders.open_jobs(session, request)
        job = jobs.claim(session, first.id)
        jobs.complete(session, job.id, job.attempt, {})
    return request


def declare(session, request, key="k", **changes):
    facts = {"reason": "backlog", "text": "Many requests.", "due_at": LATER, "by": "teamleader"}
    with clock.frozen_at(builders.RECEIVED):
        return delays.declare(session, request.id, key=key, **{**facts, **changes})


def test_the_new_date_stands_beside_the_first_promise(session, request_):
    declare(session, request_)
    assert request_.due_at == LATER
    assert request_.promised_at == builders.RECEIVED + timedelta(days=5)


def test_open_tasks_move_along(session, request_):
    declare(session, request_)
    assert [task.due_at for task in builders.open_tasks(session, request_)] == [LATER]


def test_the_same_key_declares_once(session, request_):
    assert declare(session, request_).id == declare(session, request_).id
    assert len(delays.of_request(session, request_.id)) == 1


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"text": "  "}, {"due_at": builders.RECEIVED - timedelta(hours=1)}]
)
def test_half_a_delay_is_not_saved(session, request_, wrong):
    with pytest.raises(InvalidError):
        declare(session, request_, **wrong)
    assert delays.of_request(session, request_.id) == []
