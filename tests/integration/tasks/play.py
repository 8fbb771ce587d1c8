"""Playing the workers in the test's own thread, so that nothing has to be waited for."""

from engine.cases import correspondence
from engine.lifecycle import JobState
from engine.store import Job
from tasks import environment, run_job, send_correspondence
from tasks.handlers.context import HandlerContext
from tests import builders


def open_jobs(sessions, case):
    with sessions() as session:
        return builders.open_jobs(session, case)


def job(sessions, job_id):
    with sessions() as session:
        return session.get_one(Job, job_id)


def one_more_try(sessions, job):
    """What a handler is given for a job whose last worker died before it could report."""
    with sessions.begin() as session:
        row = session.get_one(Job, job.id)
        row.state, row.attempt = JobState.EXECUTING, row.attempt + 1
        return context(row)


def context(job):
    """What the handler of a claimed job is given."""
    return HandlerContext(
        job_id=job.id,
        attempt=job.attempt,
        type=job.type,
        instance_id=job.process_instance_id,
        element_id=job.element_id,
        parameters=job.parameters,
        environment=environment.current(),
    )


def messages(sessions, case):
    with sessions() as session:
        return correspondence.for_request(session, case.id)


def run_first(sessions, case):
    """Run the oldest open job once and return it as it is then."""
    (first, *_) = open_jobs(sessions, case)
    run_job.run(str(first.id))
    return job(sessions, first.id)


def send_all(sessions, case):
    for message in messages(sessions, case):
        send_correspondence.run(str(message.id))
    return messages(sessions, case)
