"""What roles open, and what holding a task allows."""

import pytest
from sqlalchemy import select

from engine.execution import user_tasks
from engine.lifecycle import DocumentState
from engine.people import accounts
from engine.people.roles import Role
from engine.store import Account, Document, SignIn, UserTask, transaction
from tests.integration.web import cases


@pytest.fixture
def case(app, sessions):
    with transaction(sessions) as session:
        return cases.submitted(session)


@pytest.fixture
def task(case, sessions):
    with sessions() as session:
        return session.scalars(select(UserTask)).one()


@pytest.fixture
def document(case, sessions):
    with sessions() as session:
        found = select(Document).where(Document.item == "address_proof")
        return session.scalars(found).one()


def held_by(sessions, task, name, **details):
    with transaction(sessions) as session:
        account = session.scalars(select(Account).where(Account.name == name)).one()
        row = user_tasks.claim(session, task.id, account)
        row.details = {**row.details, **details}


def test_a_task_that_does_not_check_documents_decides_about_none(
    signed_in, sessions, task, document
):
    executive = signed_in(Role.EXECUTIVE)
    held_by(sessions, task, "executive", documents="")
    address = f"/inbox/tasks/{task.id}/documents/{document.id}"
    assert executive.post(address, data={"decision": "accepted"}).status_code == 403
    with sessions() as session:
        assert session.get(Document, document.id).state is DocumentState.RECEIVED


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN, Role.OPERATOR])
def test_who_does_not_work_on_requests_sees_none_of_them(signed_in, case, task, document, role):
    client = signed_in(role)
    for address in (
        "/inbox",
        f"/inbox/requests/{case.number}",
        f"/inbox/tasks/{task.id}",
        f"/inbox/documents/{document.id}",
        f"/inbox/search?number={case.number}",
    ):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ANALYST, Role.ADMIN, Role.OPERATOR])
def test_who_does_not_work_on_requests_changes_nothing(signed_in, task, document, role):
    client = signed_in(role)
    for path in ("", "/claim", "/release", f"/documents/{document.id}"):
        assert client.post(f"/inbox/tasks/{task.id}{path}").status_code == 403


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.HEAD, Role.AUDITOR, Role.ANALYST])
def test_who_does_not_run_the_installation_reads_no_outbox(signed_in, role):
    assert signed_in(role).get("/operations/outbox").status_code == 403


def test_another_queues_task_cannot_be_claimed_nor_a_colleagues_completed(
    signed_in, sessions, task
):
    manager, leader = signed_in(Role.MANAGER), signed_in(Role.TEAMLEADER)
    assert manager.post(f"/inbox/tasks/{task.id}/claim").status_code == 403
    held_by(sessions, task, "executive")
    form = {"_action": "complete", "decision": "accept"}
    for path in ("/claim", "/release", ""):
        assert leader.post(f"/inbox/tasks/{task.id}{path}", data=form).status_code in {409, 422}
    with sessions() as session:
        assert session.get(UserTask, task.id).completed_at is None


def test_a_deactivated_account_is_out_at_once(signed_in, sessions):
    executive = signed_in(Role.EXECUTIVE)
    with transaction(sessions) as session:
        accounts.deactivate(session, "executive")
    assert executive.get("/inbox").location.startswith("/account/sign-in")


def test_signing_in_leaves_an_older_cookie_worth_nothing(signed_in, app, sessions):
    client = signed_in(Role.EXECUTIVE)
    before = client.get_cookie("turnaround").value
    form = {"name": "executive", "password": "a password for tests"}
    client.post("/account/sign-in", data=form)
    other = app.test_client()
    other.set_cookie("turnaround", before)
    assert other.get("/inbox").status_code == 303
    with sessions() as session:
        open_ones = select(SignIn).where(SignIn.ended_at.is_(None))
        assert len(session.scalars(open_ones).all()) == 1


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(signed_in, app):
    client = signed_in(Role.EXECUTIVE)
    kept = client.get_cookie("turnaround").value
    client.post("/account/sign-out")
    other = app.test_client()
    other.set_cookie("turnaround", kept)
    assert other.get("/inbox").status_code == 303
