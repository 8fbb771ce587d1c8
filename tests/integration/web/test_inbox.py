"""The inbox as an executive uses it, without JavaScript."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from engine.cases import numbers
from engine.lifecycle import DocumentState, UserTaskState
from engine.people.roles import Role
from engine.store import Document, HistoryEvent, ServiceRequest, UserTask, transaction
from tests.integration.web import cases


@pytest.fixture
def request_row(sessions):
    with transaction(sessions) as session:
        return cases.submitted(session)


@pytest.fixture
def task(sessions, request_row):
    with sessions() as session:
        return cases.open_task(session)


@pytest.fixture
def executive(signed_in):
    return signed_in(Role.EXECUTIVE)


@pytest.fixture
def holder(executive, task):
    """The executive, having claimed the task."""
    executive.post(f"/inbox/tasks/{task.id}/claim")
    return executive


def uploads(sessions):
    with sessions() as session:
        return list(
            session.scalars(
                select(Document).where(Document.kind == "upload").order_by(Document.item)
            )
        )


def accept_all(client, sessions, task):
    for document in uploads(sessions):
        address = f"/inbox/tasks/{task.id}/documents/{document.id}"
        assert client.post(address, data={"decision": "accepted"}).status_code == 303


def state_of(sessions, task):
    with sessions() as session:
        return session.get(UserTask, task.id).state


def test_a_new_case_waits_in_the_queue_of_the_executives(executive, request_row):
    page = executive.get("/inbox/queues/executives").text
    assert numbers.display(request_row.number) in page
    assert "Sample Raman" in page


def test_a_queue_of_another_group_is_not_there(executive):
    assert executive.get("/inbox/queues/managers").status_code == 404


def test_claiming_opens_the_task_and_moves_it_to_my_tasks(executive, task, request_row):
    claimed = executive.post(f"/inbox/tasks/{task.id}/claim")
    assert claimed.location == f"/inbox/tasks/{task.id}"
    assert numbers.display(request_row.number) in executive.get("/inbox").text
    assert (
        numbers.display(request_row.number) not in executive.get("/inbox/queues/executives").text
    )


def test_a_task_given_back_waits_in_its_queue_again(holder, sessions, task):
    holder.post(f"/inbox/tasks/{task.id}/release")
    assert state_of(sessions, task) is UserTaskState.CREATED


def test_a_colleague_who_comes_second_is_told_who_was_first(holder, signed_in, task):
    late = signed_in(Role.TEAMLEADER).post(f"/inbox/tasks/{task.id}/claim")
    assert late.status_code == 409
    assert "Service executive has taken" in late.text


def test_the_number_finds_the_request_however_it_is_typed(executive, request_row):
    typed = quote(numbers.display(request_row.number).lower())
    found = executive.get(f"/inbox/search?number={typed}")
    assert found.location == f"/inbox/requests/{request_row.number}"


def test_a_mistyped_number_says_what_a_number_looks_like(executive):
    assert "A number looks like" in executive.get("/inbox/search?number=12345").text


def test_what_is_typed_is_kept_for_later(holder, task):
    form = {"internal_note": "Call back after five", "_action": "save"}
    assert holder.post(f"/inbox/tasks/{task.id}", data=form).status_code == 303
    assert "Call back after five" in holder.get(f"/inbox/tasks/{task.id}").text


def test_a_change_of_an_answer_asks_the_questions_that_follow(holder, task):
    asked = holder.post(
        f"/inbox/tasks/{task.id}?refresh=1",
        data={"decision": "more"},
        headers={"HX-Request": "true"},
    )
    assert "What is needed?" in asked.text
    assert "<html" not in asked.text


def test_an_incomplete_answer_comes_back_with_its_messages(holder, sessions, task):
    answer = holder.post(f"/inbox/tasks/{task.id}", data={"_action": "complete"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert state_of(sessions, task) is UserTaskState.CLAIMED


def test_nothing_moves_on_while_a_document_is_undecided(holder, sessions, task):
    form = {"decision": "accept", "internal_note": "Looks fine", "_action": "complete"}
    answer = holder.post(f"/inbox/tasks/{task.id}", data=form)
    assert answer.status_code == 422
    assert "Decide about every document first" in answer.text
    assert "Looks fine" in answer.text
    assert state_of(sessions, task) is UserTaskState.CLAIMED


def test_with_every_document_decided_the_task_completes(holder, sessions, task):
    accept_all(holder, sessions, task)
    form = {"decision": "accept", "_action": "complete"}
    assert holder.post(f"/inbox/tasks/{task.id}", data=form).location == "/inbox"
    assert state_of(sessions, task) is UserTaskState.COMPLETED


def test_a_draft_that_arrives_after_the_decision_changes_and_says_nothing(holder, sessions, task):
    accept_all(holder, sessions, task)
    form = {"decision": "accept", "internal_note": "Fine"}
    holder.post(f"/inbox/tasks/{task.id}", data={**form, "_action": "complete"})
    late = {"data": form, "headers": {"HX-Request": "true"}}
    answer = holder.post(f"/inbox/tasks/{task.id}?refresh=1", **late)
    assert (answer.status_code, answer.text) == (204, "")
    with sessions() as session:
        assert session.get(UserTask, task.id).answers["internal_note"] == "Fine"


def test_a_draft_from_another_window_is_told_that_the_task_is_done(holder, sessions, task):
    accept_all(holder, sessions, task)
    holder.post(f"/inbox/tasks/{task.id}", data={"decision": "accept", "_action": "complete"})
    other = {"data": {"decision": "more"}, "headers": {"HX-Request": "true"}}
    answer = holder.post(f"/inbox/tasks/{task.id}?refresh=1", **other)
    assert answer.status_code == 409
    assert "has been done already" in answer.text


def test_a_draft_for_a_task_that_one_has_given_back_is_refused(holder, task):
    holder.post(f"/inbox/tasks/{task.id}/release")
    late = {"data": {"internal_note": "Fi"}, "headers": {"HX-Request": "true"}}
    assert holder.post(f"/inbox/tasks/{task.id}?refresh=1", **late).status_code == 409


def test_a_rejection_of_a_document_needs_a_reason(holder, sessions, task):
    document = uploads(sessions)[0]
    address = f"/inbox/tasks/{task.id}/documents/{document.id}"
    assert holder.post(address, data={"decision": "rejected"}).status_code == 422
    holder.post(address, data={"decision": "rejected", "reason": "Too dark"})
    assert uploads(sessions)[0].state is DocumentState.REJECTED


def test_an_acceptance_takes_the_earlier_reason_away(holder, sessions, task):
    document = uploads(sessions)[0]
    address = f"/inbox/tasks/{task.id}/documents/{document.id}"
    holder.post(address, data={"decision": "rejected", "reason": "Too dark"})
    holder.post(address, data={"decision": "accepted", "reason": "Too dark"})
    assert uploads(sessions)[0].reason is None


def test_only_the_holder_of_the_task_decides_about_documents(executive, sessions, task):
    document = uploads(sessions)[0]
    address = f"/inbox/tasks/{task.id}/documents/{document.id}"
    assert executive.post(address, data={"decision": "accepted"}).status_code == 409


def test_every_look_at_a_document_is_a_fact_of_the_history(executive, sessions, request_row):
    document = uploads(sessions)[0]
    answer = executive.get(f"/inbox/documents/{document.id}")
    assert answer.mimetype == "image/png"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    with sessions() as session:
        reads = select(HistoryEvent).where(HistoryEvent.kind == "document.read")
        (read,) = session.scalars(reads)
    assert (read.actor, read.service_request_id) == ("executive", request_row.id)


def test_the_page_of_a_request_tells_its_story_and_shows_its_diagram(executive, request_row):
    page = executive.get(f"/inbox/requests/{request_row.number}").text
    assert "The application was sent in" in page
    assert "Verify the documents" in page
    assert 'id="diagram-data"' in page


def test_answers_read_as_they_did_when_the_customer_checked_them(executive, sessions, request_row):
    with transaction(sessions) as session:
        row = session.get(ServiceRequest, request_row.id)
        row.answers = {**row.answers, "valid_from": "2026-11-01"}
    page = executive.get(f"/inbox/requests/{request_row.number}").text
    assert "<dd>1 November 2026</dd>" in page


def test_an_auditor_reads_a_task_and_changes_nothing(signed_in, task):
    auditor = signed_in(Role.AUDITOR)
    page = auditor.get(f"/inbox/tasks/{task.id}").text
    assert "You can look, not change." in page
    assert auditor.post(f"/inbox/tasks/{task.id}/claim").status_code == 403
