"""Two processes at once at the same documents or the same bytes."""

import pytest

from engine.cases import documents
from engine.errors import ConflictError
from engine.execution import user_tasks
from engine.lifecycle import DocumentState
from engine.store import Blob, Document, transaction
from tests.integration.core import racing


def _stored(key=None, draft_id=None):
    def store(session):
        return documents.store(
            session,
            b"%PDF the same",
            kind=documents.Kind.UPLOAD,
            name="same.pdf",
            media_type="application/pdf",
            draft_id=draft_id,
            idempotency_key=key,
        )

    return store


def test_the_same_key_stores_once_in_two_processes(race, sessions):
    race(_stored("k"), _stored("k"))
    assert racing.count(sessions, Document) == 1


def test_bytes_stay_while_another_process_stores_them_again(race, sessions):
    with transaction(sessions) as session:
        old = _stored()(session)
    race(lambda session: documents.remove(session, session.get_one(Document, old.id)), _stored())
    assert racing.count(sessions, Blob) == 1


def test_bytes_that_are_stored_again_are_not_removed(race, sessions):
    with transaction(sessions) as session:
        old = _stored()(session)
    race(_stored(), lambda session: documents.remove(session, session.get_one(Document, old.id)))
    assert racing.count(sessions, Document) == 1


def test_a_decision_about_a_document_is_not_half_overwritten(race, sessions, case):
    with sessions() as session:
        kept = documents.of_request(session, case.request.id)
    document = next(document for document in kept if document.kind == documents.Kind.UPLOAD)

    def decide(state, reason=""):
        def work(session):
            held = session.get_one(Document, document.id)  # as a page has looked at it before
            return documents.review(session, held.id, case.account, state, reason)

        return work

    race(decide(DocumentState.REJECTED, "Too dark"), decide(DocumentState.ACCEPTED))
    kept = racing.row(sessions, Document, document.id)
    assert (kept.state, kept.reason) == (DocumentState.ACCEPTED, None)


def test_no_document_changes_behind_a_decision(race, case):
    def review(session):
        user_tasks.hold(session, case.task.id, case.account)
        kept = documents.of_request(session, case.request.id)
        document = next(one for one in kept if one.kind == documents.Kind.UPLOAD)
        documents.review(session, document.id, case.account, DocumentState.REJECTED, "Too dark")

    with pytest.raises(ConflictError, match="completed"):
        race(case.decide, review)
