"""The actor that works on one job: claim it, run its handler, report.

Claim and report are transactions of their own; the handler runs between them, outside any.
This is the one place where every error is caught: it becomes the job's failure.
"""

import logging
import time
from collections.abc import Mapping
from uuid import UUID

from dramatiq.middleware import TimeLimitExceeded
from prometheus_client import Histogram
from sqlalchemy.exc import SQLAlchemyError

from engine import logs, runtime
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.execution import jobs
from tasks import dispatch, environment
from tasks.environment import Environment
from tasks.handlers import registry
from tasks.handlers.context import HandlerContext
from tasks.handlers.errors import BpmnError

FINAL = (InvalidError, NotFoundError, runtime.RuntimeStepError)  # no later try will differ

SECONDS = Histogram(
    "turnaround_job_seconds",
    "Time of a try at a job, by type and outcome.",
    ("type", "outcome"),
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300),
)

_log = logging.getLogger(__name__)


def run(job_id: str) -> None:
    """Work on the job with this id, if it is due; never raises for what the sweeper mends."""
    try:
        context = _claim(environment.current(), UUID(job_id))
        if context is not None:
            with logs.caused_by(context.caused_by):
                _work(context)
    except (ConflictError, SQLAlchemyError) as error:
        # Taken over, cancelled, suspended, or the database is away: the row knows, not we.
        _log.warning("job_left", extra={"job": job_id, "error": type(error).__name__})


def _claim(surroundings: Environment, job_id: UUID) -> HandlerContext | None:
    with dispatch.transaction(surroundings.sessions) as session:
        job = jobs.claim(session, job_id)
        if job is None:
            return None
        return HandlerContext(
            job_id=job.id,
            attempt=job.attempt,
            type=job.type,
            instance_id=job.process_instance_id,
            element_id=job.element_id,
            parameters=job.parameters,
            environment=surroundings,
            caused_by=job.caused_by,
        )


def _work(context: HandlerContext) -> None:
    began, outcome = time.perf_counter(), "left"
    try:
        outcome = _tried(context)
    finally:
        SECONDS.labels(context.type, outcome).observe(time.perf_counter() - began)


def _tried(context: HandlerContext) -> str:
    """Run the handler and report; returns the outcome in a word."""
    try:
        output = registry.find(context.type)(context)
        _complete(context, output)
    except BpmnError as error:
        _throw(context, error)
        return "threw"
    except ConflictError:
        raise
    except (Exception, TimeLimitExceeded) as error:  # noqa: BLE001 -- becomes the job's failure
        _fail(context, error)
        return "failed"
    return "completed"


def _complete(context: HandlerContext, output: Mapping[str, object]) -> None:
    with dispatch.transaction(context.environment.sessions) as session:
        jobs.complete(session, context.job_id, context.attempt, output)
    _log.info("job_completed", extra=_facts(context))


def _throw(context: HandlerContext, error: BpmnError) -> None:
    with dispatch.transaction(context.environment.sessions) as session:
        jobs.throw(session, context.job_id, context.attempt, error.bpmn_code, str(error))
    _log.info("job_threw", extra={**_facts(context), "bpmn_code": error.bpmn_code})


def _fail(context: HandlerContext, error: BaseException) -> None:
    retryable = bool(getattr(error, "retryable", not isinstance(error, FINAL)))
    _log.warning("job_failed", extra=_facts(context), exc_info=error)
    with dispatch.transaction(context.environment.sessions) as session:
        jobs.fail(session, context.job_id, context.attempt, _described(error), retryable=retryable)


def _described(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:2000]


def _facts(context: HandlerContext) -> dict[str, object]:
    return {"job": context.key, "job_type": context.type, "attempt": context.attempt}
