"""Facts are written together: all of them, in order, or none."""

import pytest
from sqlalchemy import event, select

from engine.cases import history
from engine.store import HistoryEvent, transaction
from tests import builders


def kinds(session):
    return list(session.scalars(select(HistoryEvent.kind).order_by(HistoryEvent.id)))


def test_facts_stand_in_the_order_in_which_they_were_recorded(sessions):
    named = [f"test.{number}" for number in range(20)]
    with transaction(sessions) as session:
        for kind in named:
            history.record(session, kind, actor="test")
    with sessions() as session:
        assert kinds(session) == named


def test_what_was_recorded_is_read_in_the_same_transaction(session):
    history.record(session, "test.first", actor="test", note="kept")
    (fact,) = session.scalars(select(HistoryEvent))
    assert (fact.kind, fact.data) == ("test.first", {"note": "kept"})


def test_a_fact_may_name_a_row_that_is_written_with_it(sessions):
    with transaction(sessions) as session:
        request = builders.submitted(session)
        request.escalation_level = 1
        history.record(session, "test.raised", actor="test", request_id=request.id)
    with sessions() as session:
        assert kinds(session)[-1] == "test.raised"


def test_facts_of_a_transaction_that_fails_are_forgotten(sessions):
    def failing():
        with transaction(sessions) as session:
            history.record(session, "test.lost", actor="test")
            session.flush()
            history.record(session, "test.lost_too", actor="test")
            raise LookupError

    with pytest.raises(LookupError):
        failing()
    with transaction(sessions) as session:
        history.record(session, "test.next", actor="test")
    with sessions() as session:
        assert kinds(session) == ["test.next"]


def test_many_facts_are_one_statement(sessions, database_engine):
    statements = []

    def note(*arguments):
        statements.append(arguments[2])

    event.listen(database_engine, "before_cursor_execute", note)
    with transaction(sessions) as session:
        for _ in range(20):
            history.record(session, "test.many", actor="test")
    event.remove(database_engine, "before_cursor_execute", note)
    assert len(statements) == 1
