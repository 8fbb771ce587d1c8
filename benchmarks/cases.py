"""Cases in a given state, made through the product's own functions."""

from engine.cases import documents
from engine.definitions import request_types
from engine.execution import jobs, user_tasks
from engine.lifecycle import DocumentState
from engine.store import Account, Sessions, UserTask, transaction
from tests import builders


def ready_to_decide(sessions: Sessions, count: int) -> tuple[Account, list[UserTask]]:
    """An executive and `count` claimed verification tasks whose documents are accepted."""
    with transaction(sessions) as session:
        account = session.query(Account).filter_by(name="bench").one_or_none()
        account = account or builders.account(session, "bench", "executives")
        builders.address_change(session)
    return account, [_claimed(sessions, account) for _ in range(count)]


def _claimed(sessions: Sessions, account: Account) -> UserTask:
    with transaction(sessions) as session:
        request = builders.submitted(session)
        (first,) = builders.open_jobs(session, request)
        job = jobs.claim(session, first.id)
        jobs.complete(session, job.id, job.attempt, {})
        for document in documents.unreviewed(documents.of_request(session, request.id)):
            documents.review(session, document.id, account, DocumentState.ACCEPTED)
        (task,) = builders.open_tasks(session, request)
        return user_tasks.claim(session, task.id, account)


def decide(sessions: Sessions, account: Account, task: UserTask) -> None:
    """Complete one verification task in its own transaction."""
    with transaction(sessions) as session:
        user_tasks.complete(session, task.id, account, {"decision": "accept"})


def shipped_type(sessions: Sessions) -> request_types.RequestType:
    """The shipped address change, published."""
    with transaction(sessions) as session:
        return builders.address_change(session)
