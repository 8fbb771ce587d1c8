"""The product is killed again and again while cases run: nothing is lost, nothing comes twice."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from engine.cases.documents import Kind
from engine.lifecycle import (
    CorrespondenceState,
    IncidentState,
    InstanceState,
    JobState,
    RequestStatus,
    UserTaskState,
)
from engine.store import (
    Correspondence,
    Document,
    HistoryEvent,
    Incident,
    Job,
    ProcessInstance,
    RecordUpdate,
    ServiceRequest,
    Timer,
    UserTask,
)

pytestmark = pytest.mark.timeout(600)

WRITTEN = {
    "acknowledged": ("mail", "sms", "whatsapp"),
    "completed": ("mail", "sms", "whatsapp"),
    "feedback": ("mail", "sms"),
}


@pytest.fixture
def session(storm):
    with storm.sessions() as opened:
        yield opened


def states(session, table):
    """How many rows of a table are in each state."""
    counted = select(table.state, func.count()).group_by(table.state)
    return dict(session.execute(counted).all())


def per_case(session, column, *conditions):
    """How many rows each case has."""
    counted = select(column, func.count()).where(*conditions).group_by(column)
    return Counter(dict(session.execute(counted).all()))


def once_each(session):
    return Counter(session.scalars(select(ServiceRequest.id)))


def test_every_case_is_resolved(storm, session):
    assert states(session, ServiceRequest) == {RequestStatus.RESOLVED: storm.figures.cases}
    assert states(session, ProcessInstance) == {InstanceState.COMPLETED: storm.figures.cases}


def test_nobody_has_to_mend_anything(session):
    assert IncidentState.OPEN not in states(session, Incident)
    assert states(session, Job).keys() == {JobState.COMPLETED}
    assert states(session, UserTask).keys() == {UserTaskState.COMPLETED}


def test_no_timer_of_an_ended_case_is_left(session):
    assert states(session, Timer).keys() == {"cancelled"}


def test_each_case_has_one_sealed_proof(session):
    for kind in (Kind.STATEMENT, Kind.PROOF):
        found = per_case(session, Document.service_request_id, Document.kind == kind)
        assert found == once_each(session)


def test_each_record_is_updated_once(session):
    assert per_case(session, RecordUpdate.service_request_id) == once_each(session)


@pytest.mark.parametrize("kind", ["request.submitted", "record.updated", "instance.completed"])
def test_history_tells_it_once(session, kind):
    told = per_case(session, HistoryEvent.service_request_id, HistoryEvent.kind == kind)
    assert told == once_each(session)


def test_each_message_was_written_once_and_sent(session):
    columns = (Correspondence.service_request_id, Correspondence.template, Correspondence.channel)
    written = Counter(tuple(row) for row in session.execute(select(*columns)))
    wanted = {(c, t, h) for c in once_each(session) for t, each in WRITTEN.items() for h in each}
    assert written == Counter(wanted)
    assert states(session, Correspondence).keys() == {CorrespondenceState.SENT}


def test_every_mail_arrived(storm, session):
    mails = select(Correspondence.message_id).where(Correspondence.channel == "mail")
    assert storm.mailbox.copies().keys() == set(session.scalars(mails))


def test_a_mail_came_twice_only_as_the_same_mail(storm, session):
    assert set(storm.mailbox.subjects().values()) == {1}
    attempts = select(Correspondence.message_id, Correspondence.attempts)
    tried = dict(session.execute(attempts).all())
    copies = storm.mailbox.copies()
    assert {mail for mail, count in copies.items() if count > tried[mail]} == set()
