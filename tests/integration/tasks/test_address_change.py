"""The shipped address change with the real handlers: record, statement, seal, messages."""

import io
import json
from datetime import timedelta

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from engine import clock
from engine.cases import documents
from engine.execution import messages, timers, user_tasks
from engine.lifecycle import DocumentState, JobState, RequestStatus
from engine.store import Customer, Delay, Document, Job, RecordUpdate, ServiceRequest
from tasks import run_job
from tasks.handlers import registry
from tests import builders
from tests.integration.tasks import play

LEVEL_1 = timedelta(days=4, seconds=1)


def work_off(sessions, case):
    """Run jobs until none is open; a job that does not complete fails the test."""
    done = []
    while waiting := play.open_jobs(sessions, case):
        run_job.run(str(waiting[0].id))
        ran = play.job(sessions, waiting[0].id)
        assert ran.state is JobState.COMPLETED, (ran.type, ran.last_error)
        done.append(ran)
    return done


def decide(sessions, case, group="executives", **answers):
    with sessions.begin() as session:
        account = builders.account(session, f"{group}-{len(answers)}", group)
        for document in documents.unreviewed(documents.of_request(session, case.id)):
            documents.review(session, document.id, account, DocumentState.ACCEPTED)
        (task,) = [
            task for task in builders.open_tasks(session, case) if group in task.candidate_groups
        ]
        user_tasks.claim(session, task.id, account)
        user_tasks.complete(session, task.id, account, answers)


def fire_due(sessions):
    with sessions.begin() as session:
        for due in timers.due(session, 10):
            timers.fire(session, due)


@pytest.fixture
def accepted(sessions, case):
    work_off(sessions, case)
    decide(sessions, case, decision="accept")
    return work_off(sessions, case)


def test_the_accepted_case_ends_resolved(sessions, case, accepted):
    with sessions() as session:
        assert session.get_one(ServiceRequest, case.id).state is RequestStatus.RESOLVED


def test_the_register_holds_the_new_address_and_the_one_before(sessions, accepted):
    with sessions() as session:
        update = session.scalars(select(RecordUpdate)).one()
        record = session.scalars(select(Customer.record)).one()
    assert record["address"]["city"] == "Pune"
    assert "address" not in update.before
    assert update.after == record


def test_the_statement_carries_the_answers(sessions, case, accepted):
    with sessions() as session:
        proof = newest(session, case, documents.Kind.PROOF)
        content = documents.content(session, proof)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        attached = pdf.attachments["answers.json"].get_file().read_bytes()
    assert json.loads(attached) == builders.ANSWERS


def test_the_proof_is_sealed_by_the_provider(sessions, case, accepted):
    with sessions() as session:
        proof = newest(session, case, documents.Kind.PROOF)
        reader = PdfFileReader(io.BytesIO(documents.content(session, proof)))
        assert documents.was_issued(session, proof.digest)
    (seal,) = reader.embedded_regular_signatures
    assert "Example Gas" in seal.signer_cert.subject.human_friendly


def test_the_completion_notice_carries_the_proof(sessions, case, accepted):
    with sessions() as session:
        proof = newest(session, case, documents.Kind.PROOF)
    (notice,) = [
        message
        for message in play.messages(sessions, case)
        if (message.template, message.channel) == ("completed", "mail")
    ]
    assert notice.attachments == [str(proof.id)]


def test_the_customer_gets_a_link_for_feedback(sessions, case, accepted):
    (ask,) = [
        message
        for message in play.messages(sessions, case)
        if (message.template, message.channel) == ("feedback", "mail")
    ]
    assert "http://127.0.0.1:8000/feedback/" in ask.body


def test_what_is_missing_is_asked_for_by_name(sessions, case):
    work_off(sessions, case)
    decide(sessions, case, decision="more", items=["address_proof"], note="Please rescan it.")
    work_off(sessions, case)
    asked = play.messages(sessions, case)[-3]
    assert "- Proof of the new address" in asked.body
    assert "/supply/" in asked.body
    with sessions.begin() as session:
        messages.publish(session, "documents_supplied", case.number, {})
        assert builders.open_tasks(session, case)[0].element_id == "VerifyDocuments"


@pytest.mark.parametrize("kind", ["render_document", "seal_document", "update_record"])
def test_a_handler_run_again_finds_what_it_did(sessions, accepted, kind):
    (job,) = [done for done in accepted if done.type == kind]
    before = effects(sessions)
    assert registry.find(kind)(play.one_more_try(sessions, job)) == job.output
    assert effects(sessions) == before


def effects(sessions):
    with sessions() as session:
        return (
            session.scalars(select(Document.id).order_by(Document.id)).all(),
            session.scalars(select(RecordUpdate.id)).all(),
        )


def newest(session, case, kind):
    return [d for d in documents.of_request(session, case.id) if d.kind == kind][-1]


def test_a_register_that_refuses_lets_the_diagram_decide(sessions, case):
    work_off(sessions, case)
    decide(sessions, case, decision="accept")
    (update,) = play.open_jobs(sessions, case)
    with sessions.begin() as session:
        session.get_one(Job, update.id).parameters = {"changes": {"address": ""}}
    run_job.run(str(update.id))
    with sessions() as session:
        (task,) = builders.open_tasks(session, case)
        assert session.scalars(select(RecordUpdate)).all() == []
    assert task.element_id == "ClarifyRecord"


def test_each_level_alerts_its_group(sessions, case):
    work_off(sessions, case)
    with clock.moved_by(LEVEL_1), sessions.begin() as session:
        builders.account(session, "leader", "team_leaders")
    with clock.moved_by(LEVEL_1):
        fire_due(sessions)
        work_off(sessions, case)
    (alert,) = [m for m in play.messages(sessions, case) if m.template == "escalation"]
    assert alert.address == "leader@example.org"
    assert "level 1" in alert.subject


def test_a_declared_delay_reaches_the_customer_with_the_new_date(sessions, case):
    later = (clock.now() + LEVEL_1 * 5).date().isoformat()
    work_off(sessions, case)
    answers = {"reason": "backlog", "text": "Many moved.", "new_date": later}
    with clock.moved_by(LEVEL_1):
        fire_due(sessions)
        work_off(sessions, case)
        decide(sessions, case, "team_leaders", **answers)
        work_off(sessions, case)
    with sessions() as session:
        delay = session.scalars(select(Delay)).one()
    assert delay.due_after.isoformat() == f"{later}T18:29:00+00:00"  # 23:59 in India
    (told, *_) = [m for m in play.messages(sessions, case) if m.template == "delayed"]
    assert "23:59 IST" in told.body
    assert "Many requests at once" in told.body
