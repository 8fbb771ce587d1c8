"""Feedback: one rating with a comment for each finished request."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.errors import ConflictError, InvalidError
from engine.store import Feedback, ServiceRequest

RATINGS = range(1, 6)  # 1 poor, 5 very good
COMMENT_LENGTH = 2000  # characters


class AlreadyGivenError(ConflictError):
    """Feedback on this request has been given already."""

    code = "feedback_given"


def give(session: Session, request: ServiceRequest, rating: int, comment: str) -> None:
    """Keep what the customer says.

    Raises InvalidError for a rating outside 1 to 5 or an overlong comment, AlreadyGivenError.
    """
    if rating not in RATINGS or len(comment) > COMMENT_LENGTH:
        raise InvalidError
    kept = session.scalar(
        insert(Feedback)
        .values(
            service_request_id=request.id,
            rating=rating,
            comment=comment.strip(),
            given_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Feedback.service_request_id])
        .returning(Feedback.id)
    )
    if kept is None:
        raise AlreadyGivenError
    history.record(
        session, "feedback.given", actor=history.CUSTOMER, request_id=request.id, rating=rating
    )


def of(session: Session, request: ServiceRequest) -> Feedback | None:
    """What the customer said of the request."""
    return session.scalar(select(Feedback).where(Feedback.service_request_id == request.id))
