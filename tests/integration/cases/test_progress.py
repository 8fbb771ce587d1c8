from engine.cases import progress
from tests.integration.cases import builders


def test_a_request_without_a_process_waits_at_nothing(session):
    request = builders.service_request(session)
    assert progress.elements(session, request) == []
    assert progress.asked(session, request) is None
    assert progress.delays(session, request) == []
