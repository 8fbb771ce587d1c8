"""Two real transactions against each other, and a case to fight over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.cases import documents
from engine.execution import user_tasks
from engine.lifecycle import DocumentState
from engine.store import transaction
from tests import builders, waiting
from tests.integration.core import racing


@pytest.fixture
def race(sessions):
    """Plays `first` in a transaction that stays open until `second`, in another, stands still."""

    def play(first: Callable, second: Callable):
        with ThreadPoolExecutor(1) as pool:
            with transaction(sessions) as session:
                first(session)
                session.flush()
                other = pool.submit(racing.alone, sessions, second)
                waiting.until(
                    lambda: other.done() or racing.stands_still(sessions), "the second process"
                )
            return other.result()

    return play


@pytest.fixture
def case(sessions):
    """A case whose documents wait for a decision, in the hands of an executive."""
    with transaction(sessions) as session:
        request = builders.submitted(session)
        racing.finish_job(session, request)
        account = builders.account(session)
        for document in documents.of_request(session, request.id):
            if document.kind == documents.Kind.UPLOAD:
                documents.review(session, document.id, account, DocumentState.ACCEPTED)
        (task,) = builders.open_tasks(session, request)
        user_tasks.claim(session, task.id, account)
    return racing.Case(request, account, task)
