import pytest

from engine.cases import feedback, history
from engine.errors import InvalidError
from tests.integration.cases import builders


def test_feedback_is_kept_with_its_comment(session):
    request = builders.service_request(session)
    feedback.give(session, request, 4, " Quick. ")
    given = feedback.of(session, request)
    assert (given.rating, given.comment) == (4, "Quick.")


def test_feedback_is_given_once(session):
    request = builders.service_request(session)
    feedback.give(session, request, 4, "")
    with pytest.raises(feedback.AlreadyGivenError):
        feedback.give(session, request, 1, "")
    assert feedback.of(session, request).rating == 4


@pytest.mark.parametrize("rating", [0, 6, -1])
def test_a_rating_outside_the_scale_is_refused(session, rating):
    with pytest.raises(InvalidError):
        feedback.give(session, builders.service_request(session), rating, "")


def test_an_endless_comment_is_refused(session):
    with pytest.raises(InvalidError):
        feedback.give(session, builders.service_request(session), 3, "x" * 2001)


def test_feedback_is_a_fact_of_the_history(session):
    request = builders.service_request(session)
    feedback.give(session, request, 2, "Slow.")
    session.flush()
    last = history.timeline(session, request.id)[-1]
    assert (last.kind, last.data) == ("feedback.given", {"rating": 2})
