"""Jobs: the background work that process instances wait for.

The row is the truth; a message to a worker only hints that it exists, so a lost or repeated
message does no harm. Nothing here commits: the caller owns the transaction.
"""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import clock, runtime
from engine.errors import ConflictError, NotFoundError, StaleJobError
from engine.execution import incidents, instances
from engine.lifecycle import IncidentState, InstanceState, JobState
from engine.store import Incident, Job, ProcessInstance, move

LEASE = timedelta(minutes=5)
BACKOFF = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
LOST_LEASES = 20  # a machine that is restarted often is no fault of the job
OFFER = timedelta(seconds=10)  # how long a hint may take before the sweeper repeats it
RUNNABLE = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE)
ADVICE = "Mend the cause, then let the job run again: turnaround incident retry ID --note WHAT."


def due(session: Session, limit: int, *, overdue_by: timedelta = OFFER) -> list[UUID]:
    """Jobs that could run and that nobody runs, oldest first: what the sweeper offers again."""
    waiting = (
        select(Job.id)
        .join(ProcessInstance, ProcessInstance.id == Job.process_instance_id)
        .where(Job.state.in_(RUNNABLE), Job.due_at <= clock.now() - overdue_by)
        .where(ProcessInstance.state == InstanceState.ACTIVE)
    )
    return list(session.scalars(waiting.order_by(Job.due_at).limit(limit)))


def claim(session: Session, job_id: UUID) -> Job | None:
    """Lease the job to the caller.

    None if it is not due, another worker holds it, or its instance stands still.
    """
    now = clock.now()
    due_now = (
        select(Job)
        .join(ProcessInstance, ProcessInstance.id == Job.process_instance_id)
        .where(Job.id == job_id, Job.state.in_(RUNNABLE), Job.due_at <= now)
        .where(ProcessInstance.state == InstanceState.ACTIVE)
    )
    job = session.scalar(due_now.with_for_update(of=Job, skip_locked=True, key_share=True))
    if job is None:
        return None
    job.lost_leases += job.state is JobState.EXECUTING
    if job.lost_leases >= LOST_LEASES:  # every worker died before it could report
        _give_up(session, job, "The worker was lost each time it ran this job.")
        return None
    move(job, JobState.EXECUTING)
    job.attempt += 1
    job.due_at = now + LEASE  # once this passes, the sweeper offers the job again
    return job


def complete(session: Session, job_id: UUID, attempt: int, output: Mapping[str, object]) -> None:
    """Record the handler's output and let the process instance go on."""
    job, locked = _held(session, job_id, attempt)
    move(job, JobState.COMPLETED)
    job.output = dict(output)
    job.finished_at = clock.now()
    job.last_error = None
    instances.advance(session, locked, runtime.complete, job.token_id, dict(output))


def throw(session: Session, job_id: UUID, attempt: int, code: str, message: str) -> None:
    """Let a BPMN error reach the error boundary event; without one it is an incident."""
    job, locked = _held(session, job_id, attempt)
    job.last_error = f"{code}: {message}"
    try:
        instances.advance(session, locked, runtime.throw_error, job.token_id, code, message)
    except runtime.UncaughtBpmnError:
        _give_up(session, job, f"No boundary event catches the BPMN error {code}: {message}")
        return
    session.refresh(job)
    job.finished_at = clock.now()


def fail(
    session: Session, job_id: UUID, attempt: int, error: str, *, retryable: bool = True
) -> None:
    """Record a failure: another try after the back-off, or an incident after the last one."""
    job, _ = _held(session, job_id, attempt)
    job.last_error = error
    job.failures += 1
    if not retryable or job.failures >= job.max_attempts:
        _give_up(session, job, error)
        return
    move(job, JobState.RETRYABLE)
    job.due_at = clock.now() + BACKOFF[min(job.failures, len(BACKOFF)) - 1]


def retry(session: Session, incident_id: UUID, *, by: str, note: str) -> Job:
    """Resolve a job's incident and let the job run again with all its tries.

    Raises NotFoundError, or ConflictError if the incident is not a job's.
    """
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFoundError
    if incident.job_id is None or incident.state is not IncidentState.OPEN:
        raise ConflictError("This incident is not a job that can run again.")
    job, _ = instances.lock_of(session, Job, incident.job_id)
    incidents.resolve(session, incident_id, by=by, note=note)
    move(job, JobState.AVAILABLE)
    job.failures = job.lost_leases = 0
    job.due_at = clock.now()
    session.info.setdefault("jobs", []).append(job.id)
    return job


def hold(session: Session, job_id: UUID, attempt: int) -> None:
    """Lock instance and job for an effect of the job.

    Raises StaleJobError for a caller who does not hold it any more: the job was cancelled, or
    its lease ran out and another took it. So what the case no longer wants is not done.
    """
    _held(session, job_id, attempt)


def release_leases(session: Session) -> None:
    """Offer every executing job again at once; only for a caller who knows that no worker runs."""
    session.execute(update(Job).where(Job.state == JobState.EXECUTING).values(due_at=clock.now()))


def _held(session: Session, job_id: UUID, attempt: int) -> tuple[Job, instances.Locked]:
    """Lock instance, then job, if the caller still holds it; `attempt` is the fencing token."""
    job, locked = instances.lock_of(session, Job, job_id)
    if job.state is not JobState.EXECUTING or job.attempt != attempt:
        raise StaleJobError(job=str(job_id))
    return job, locked


def _give_up(session: Session, job: Job, error: str) -> None:
    """No try is left: the job fails and a person is asked."""
    move(job, JobState.FAILED)
    job.last_error = error
    job.finished_at = clock.now()
    incidents.open_incident(
        session,
        session.get_one(ProcessInstance, job.process_instance_id),
        kind="job_failed",
        message=error,
        advice=ADVICE,
        element_id=job.element_id,
        job=job,
    )
