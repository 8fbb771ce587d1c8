"""Escalation: a late case climbs the ladder, upward only and never in silence."""

from uuid import UUID

from sqlalchemy.orm import Session

from engine.cases import history
from engine.definitions import request_types
from engine.execution import instances
from engine.store import ServiceRequest, held


def raise_level(session: Session, request_id: UUID, level: int) -> ServiceRequest:
    """Raise the case to `level`; a case that is there or higher stays where it is."""
    instances.lock_request(session, request_id)
    request = held(session, ServiceRequest, request_id)
    if request.escalation_level >= level:
        return request
    before = request.escalation_level
    request.escalation_level = level
    policy = request_types.get(session, request.request_type_version_id).policy
    group = next((step.group for step in policy.levels if step.number == level), None)
    history.record(
        session,
        "request.escalated",
        actor=history.SYSTEM,
        request_id=request.id,
        before=before,
        level=level,
        group=group,
    )
    return request
