"""What the runtime refuses becomes an incident: the case stands still, nothing is lost."""

import pytest

from engine import runtime
from engine.errors import ConflictError
from engine.execution import incidents, instances, jobs
from engine.lifecycle import InstanceState
from engine.store import ProcessInstance
from tests import builders


def refuse(*arguments):
    raise runtime.InstanceTooLargeError(element="VerifyDocuments", count=600)


@pytest.fixture
def locked(session):
    request = builders.submitted(session)
    instance = session.query(ProcessInstance).filter_by(service_request_id=request.id).one()
    return instances.lock(session, instance.id)


def test_an_instance_grown_too_large_is_suspended_with_advice(session, locked):
    before = locked.row.workflow_state
    instances.advance(session, locked, refuse)
    (incident,) = incidents.open_incidents(session)
    assert (incident.kind, incident.element_id) == ("instance_too_large", "VerifyDocuments")
    assert "sub-process" in incident.message
    assert locked.row.state is InstanceState.SUSPENDED
    assert locked.row.workflow_state == before


def test_a_suspended_instance_does_not_go_on(session, locked):
    instances.advance(session, locked, refuse)
    with pytest.raises(ConflictError, match="suspended"):
        instances.advance(session, locked, refuse)


def test_jobs_of_a_suspended_instance_are_not_offered(session, locked):
    instances.advance(session, locked, refuse)
    session.flush()
    assert jobs.due(session, 10, overdue_by=-jobs.LEASE) == []
