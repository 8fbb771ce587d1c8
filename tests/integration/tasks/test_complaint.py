"""The shipped complaint with the real handlers, to each of its ends."""

import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

import processes
from engine import clock
from engine.cases import documents, history
from engine.definitions import bundles
from engine.execution import interventions, messages, timers, user_tasks
from engine.lifecycle import RequestStatus
from engine.store import Document, ProcessInstance, ServiceRequest
from tests import builders
from tests.integration.tasks import play
from tests.integration.tasks.test_address_change import work_off

FOLDER = Path(processes.__file__).parent / "complaint"
STATED = {
    "category": "bill",
    "story": "I was billed twice.",
    "impact": "money",
    "urgency": "now",
}
RESOLVED = {
    "decision": "resolve",
    "policy": ["records", "policy"],
    "cause": "mistake",
    "resolution": "We pay back the second bill.",
}


@pytest.fixture
def case(sessions):
    with sessions.begin() as session:
        request_type = bundles.deploy_folder(session, FOLDER)
        return builders.submitted(session, builders.ready_draft(session, request_type, **STATED))


def now(sessions, case):
    with sessions() as session:
        return session.get_one(ServiceRequest, case.id)


def decide(sessions, case, group, **answers):
    with sessions.begin() as session:
        account = builders.account(session, f"{group}-{len(answers)}", group)
        (task,) = builders.open_tasks(session, case)
        assert task.candidate_groups == [group]
        user_tasks.claim(session, task.id, account)
        user_tasks.complete(session, task.id, account, answers)


def answer(sessions, case, *, satisfied):
    with sessions.begin() as session:
        payload = {"satisfied": satisfied, "comment": "Still billed twice."}
        messages.publish(session, "satisfaction_stated", case.number, payload)


@pytest.fixture
def asked(sessions, case):
    """The complaint is resolved, and its customer asked whether it is right."""
    work_off(sessions, case)
    decide(sessions, case, "executives", **RESOLVED)
    work_off(sessions, case)
    return case


def test_the_priority_and_its_reason_follow_from_impact_and_urgency(sessions, case):
    work_off(sessions, case)
    with sessions() as session:
        (task,) = builders.open_tasks(session, case)
    assert task.priority == 65
    assert "costs you money now" in play.messages(sessions, case)[-1].body


def test_the_customer_is_told_at_once_and_then_what_happens(sessions, case):
    work_off(sessions, case)
    told = [message.template for message in play.messages(sessions, case)]
    assert told[0] == "acknowledged"
    assert "progress" in told


def test_the_customer_is_asked_whether_it_is_right_with_the_sealed_letter(sessions, asked):
    assert now(sessions, asked).state is RequestStatus.AWAITING_CONFIRMATION
    (mail,) = [
        each
        for each in play.messages(sessions, asked)
        if (each.template, each.channel) == ("resolved", "mail")
    ]
    assert "We pay back the second bill." in mail.body
    assert "http://127.0.0.1:8000/confirm/" in mail.body
    with sessions() as session:
        proofs = select(Document).where(Document.kind == documents.Kind.PROOF)
        assert mail.attachments == [str(session.scalars(proofs).one().id)]


def test_a_yes_closes_the_complaint_and_asks_for_feedback(sessions, asked):
    answer(sessions, asked, satisfied=True)
    assert now(sessions, asked).state is RequestStatus.AWAITING_CONFIRMATION
    work_off(sessions, asked)
    assert now(sessions, asked).state is RequestStatus.CLOSED
    assert "feedback" in {message.template for message in play.messages(sessions, asked)}


def test_a_no_opens_it_again_a_level_higher_under_the_same_number(sessions, asked):
    answer(sessions, asked, satisfied=False)
    work_off(sessions, asked)
    again = now(sessions, asked)
    assert (again.number, again.escalation_level) == (asked.number, 1)
    assert again.state is RequestStatus.REOPENED
    decide(sessions, asked, "team_leaders", **RESOLVED)
    work_off(sessions, asked)
    assert now(sessions, asked).state is RequestStatus.AWAITING_CONFIRMATION
    answer(sessions, asked, satisfied=True)
    work_off(sessions, asked)
    assert now(sessions, asked).state is RequestStatus.CLOSED


def test_silence_closes_it_unconfirmed_after_seven_days(sessions, asked):
    with clock.frozen_at(clock.now() + timedelta(days=7, seconds=1)), sessions.begin() as session:
        for due in timers.due(session, 10):
            timers.fire(session, due)
    assert now(sessions, asked).state is RequestStatus.CLOSED
    with sessions() as session:
        told = history.timeline(session, asked.id)
    (over,) = (event for event in told if event.kind == "instance.completed")
    assert over.data["ends"] == ["EndUnconfirmed"]


def test_no_escalation_runs_while_the_customer_is_asked(sessions, asked):
    with clock.frozen_at(clock.now() + timedelta(days=6)), sessions() as session:
        assert timers.due(session, 10) == []


def test_a_complaint_that_is_not_upheld_says_why(sessions, case):
    work_off(sessions, case)
    answers = {"policy": ["policy"], "cause": "none", "note": "The bills are for two meters."}
    decide(sessions, case, "executives", decision="reject", **answers)
    work_off(sessions, case)
    assert now(sessions, case).state is RequestStatus.REJECTED
    assert "two meters" in play.messages(sessions, case)[-2].body


def test_what_is_missing_is_asked_for_and_the_work_goes_on(sessions, case):
    work_off(sessions, case)
    decide(sessions, case, "executives", decision="more", items=["evidence"], note="Both bills?")
    work_off(sessions, case)
    assert now(sessions, case).state is RequestStatus.WAITING_FOR_CUSTOMER
    with sessions.begin() as session:
        messages.publish(session, "documents_supplied", case.number, {})
        assert builders.open_tasks(session, case)


def test_it_can_be_cancelled_while_its_customer_is_asked(sessions, asked):
    with sessions.begin() as session:
        owned = select(ProcessInstance.id).where(ProcessInstance.service_request_id == asked.id)
        instance_id, end = session.scalars(owned).one(), RequestStatus.WITHDRAWN
        interventions.cancel(session, instance_id, by="operator", note="Called", end=end)
    assert now(sessions, asked).state is RequestStatus.WITHDRAWN


@pytest.mark.parametrize(
    ("locale", "title", "why"),
    [
        ("hi", "आपकी शिकायत पर क्या किया गया", "आपका पैसा"),
        ("ta", "உங்கள் புகார் குறித்துச் செய்தது", "பணச் செலவாவதால்"),
        ("pl", "Co zrobiliśmy w sprawie Twojej skargi", "kosztuje Cię pieniądze"),
    ],
)
def test_the_complaint_speaks_the_customers_language(sessions, locale, title, why):
    with sessions.begin() as session:
        request_type = bundles.deploy_folder(session, FOLDER)
        draft = builders.ready_draft(session, request_type, **STATED)
        draft.locale = locale
        case = builders.submitted(session, draft)
    work_off(sessions, case)
    decide(sessions, case, "executives", **RESOLVED)
    work_off(sessions, case)
    assert any(why in message.body for message in play.messages(sessions, case))
    with sessions() as session:
        proofs = select(Document).where(Document.kind == documents.Kind.PROOF)
        content = documents.content(session, session.scalars(proofs).one())
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert title in str(pdf.open_metadata()["dc:title"])
