"""Incidents: stops that need a person, each with advice what that person can do."""

from uuid import UUID

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.lifecycle import IncidentState, InstanceState, JobState
from engine.store import Incident, Job, ProcessInstance, held, move

MOOT = "The case went on without it."


def open_incident(
    session: Session,
    instance: ProcessInstance,
    *,
    kind: str,
    message: str,
    advice: str,
    element_id: str | None = None,
    job: Job | None = None,
) -> Incident:
    """Record that the instance stands still at an element until a person acts."""
    incident = Incident(
        process_instance_id=instance.id,
        job_id=job.id if job else None,
        element_id=element_id,
        kind=kind,
        message=message,
        advice=advice,
        opened_at=clock.now(),
    )
    session.add(incident)
    _record(
        session, instance, incident, event="incident.opened", actor=history.SYSTEM, text=message
    )
    return incident


def resolve(session: Session, incident_id: UUID, *, by: str, note: str) -> Incident:
    """Close an incident with a note; making the job run again is `jobs.retry`.

    The caller holds the lock of the instance. Raises NotFoundError.
    """
    incident = held(session, Incident, incident_id)
    instance = session.get_one(ProcessInstance, incident.process_instance_id)
    _resolve(session, instance, incident, by=by, note=note)
    return incident


def resolve_moot(session: Session, instance: ProcessInstance) -> None:
    """Resolve what nobody has to mend any more: its job was cancelled, or the instance is over."""
    is_over = instance.state in (InstanceState.COMPLETED, InstanceState.TERMINATED)
    moot = (
        select(Incident)
        .outerjoin(Job, Job.id == Incident.job_id)
        .where(Incident.process_instance_id == instance.id)
        .where(Incident.state == IncidentState.OPEN)
        .where(or_(literal(is_over), Job.state == JobState.CANCELLED))
    )
    for incident in session.scalars(moot):
        _resolve(session, instance, incident, by=history.SYSTEM, note=MOOT)


def open_incidents(session: Session) -> list[Incident]:
    """All open incidents, oldest first."""
    unresolved = select(Incident).where(Incident.state == IncidentState.OPEN)
    return list(session.scalars(unresolved.order_by(Incident.opened_at)))


def _resolve(
    session: Session, instance: ProcessInstance, incident: Incident, *, by: str, note: str
) -> None:
    move(incident, IncidentState.RESOLVED)
    incident.resolved_at = clock.now()
    incident.resolved_by = by
    incident.note = note
    _record(session, instance, incident, event="incident.resolved", actor=by, text=note)


def _record(
    session: Session,
    instance: ProcessInstance,
    incident: Incident,
    *,
    event: str,
    actor: str,
    text: str,
) -> None:
    history.record(
        session,
        event,
        actor=actor,
        request_id=instance.service_request_id,
        instance_id=instance.id,
        element_id=incident.element_id,
        incident=incident.kind,
        text=text,
    )
