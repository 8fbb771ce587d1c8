"""What the tests of two processes at once share: a second transaction, and what to look for."""

from sqlalchemy import func, select, text

from engine.execution import jobs, user_tasks
from engine.store import transaction
from tests import builders

WAITING = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)


def alone(sessions, work):
    with transaction(sessions) as session:
        return work(session)


def stands_still(sessions) -> bool:
    with sessions() as session:
        return bool(session.scalar(WAITING))


class Case:
    def __init__(self, request, account, task):
        self.request, self.account, self.task = request, account, task

    def decide(self, session, decision="accept", **more):
        answers = {"decision": decision, **more}
        return user_tasks.complete(session, self.task.id, self.account, answers)


def count(sessions, table):
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


def row(sessions, table, row_id):
    with sessions() as session:
        return session.get_one(table, row_id)


def due_timers(sessions, case):
    with sessions() as session:
        return builders.timers(session, case.request)


def finish_job(session, request):
    (row,) = builders.open_jobs(session, request)
    job = jobs.claim(session, row.id)
    jobs.complete(session, job.id, job.attempt, {})
