"""The pages of operations: what stands still, and what an operator does about it."""

import pytest
from sqlalchemy import select

from engine.cases import correspondence
from engine.execution import jobs
from engine.lifecycle import CorrespondenceState, IncidentState, InstanceState, JobState
from engine.people.roles import Role
from engine.store import Correspondence, HistoryEvent, Incident, Job, ProcessInstance, transaction
from tests import builders

NOTE = {"note": "The register was down"}


@pytest.fixture
def operator(signed_in):
    return signed_in(Role.OPERATOR)


@pytest.fixture
def incident(sessions):
    """The incident of a case's first job, which failed for good."""
    with transaction(sessions) as session:
        case = builders.submitted(session)
        (job,) = builders.open_jobs(session, case)
        jobs.fail(session, job.id, jobs.claim(session, job.id).attempt, "Down", retryable=False)
    with sessions() as session:
        return session.scalars(select(Incident)).one()


@pytest.fixture
def case_page(incident):
    return f"/operations/cases/{incident.process_instance_id}"


def now(sessions, table):
    with sessions() as session:
        return session.scalars(select(table)).first()


def test_the_first_page_counts_what_wants_attention(operator, incident):
    page = operator.get("/operations").text
    assert "Incidents" in page
    assert page.count('data-state="late"') == 2  # the incident, and its failed job


def test_an_incident_is_found_and_says_what_happened(operator, incident):
    assert f"/operations/incidents/{incident.id}" in operator.get("/operations/incidents").text
    page = operator.get(f"/operations/incidents/{incident.id}").text
    assert "Down" in page
    assert "Run it again" in page


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("retry", JobState.AVAILABLE),
        ("skip", JobState.COMPLETED),
        ("complete", JobState.COMPLETED),
    ],
)
def test_a_failed_job_is_moved_on_with_a_reason(operator, sessions, incident, action, state):
    address = f"/operations/incidents/{incident.id}/{action}"
    form = {**NOTE, "output": '{"messages": ["by letter"]}'}
    assert operator.post(address, data=form).status_code == 303
    with sessions() as session:
        assert session.get_one(Job, incident.job_id).state is state
    resolved = now(sessions, Incident)
    assert (resolved.resolved_by, resolved.note) == ("operator", NOTE["note"])


@pytest.mark.parametrize("action", ["retry", "skip", "complete"])
def test_nothing_happens_without_a_reason(operator, sessions, incident, action):
    answer = operator.post(f"/operations/incidents/{incident.id}/{action}", data={"note": " "})
    assert answer.status_code == 422
    assert "Give the reason" in answer.text
    assert now(sessions, Incident).state is IncidentState.OPEN


@pytest.mark.parametrize("output", ["[1]", "nothing", "{", "9" * 30_000, "[" * 15_000])
def test_what_is_no_json_object_is_refused_and_kept_on_the_page(operator, incident, output):
    form = {**NOTE, "output": output}
    answer = operator.post(f"/operations/incidents/{incident.id}/complete", data=form)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert NOTE["note"] in answer.text


def test_a_second_press_is_told_that_it_is_resolved(operator, incident):
    address = f"/operations/incidents/{incident.id}/skip"
    operator.post(address, data=NOTE)
    answer = operator.post(address, data=NOTE)
    assert answer.status_code == 409
    assert "has resolved this already" in answer.text


def test_a_case_is_suspended_resumed_and_cancelled(operator, sessions, incident, case_page):
    operator.post(f"/operations/incidents/{incident.id}/skip", data=NOTE)
    for action, state in (
        ("suspend", InstanceState.SUSPENDED),
        ("resume", InstanceState.ACTIVE),
        ("cancel", InstanceState.TERMINATED),
    ):
        form = {**NOTE, "end": "withdrawn"}
        assert operator.post(f"{case_page}/{action}", data=form).status_code == 303
        assert now(sessions, ProcessInstance).state is state
    page = operator.get(case_page).text
    assert "Ended by hand" in page
    assert "What can be done" not in page


def test_the_operator_sees_names_of_variables_and_no_values(operator, case_page):
    page = operator.get(case_page).text
    assert "answers" in page
    assert "full_name" in page
    assert builders.ANSWERS["full_name"] not in page
    assert operator.post(f"{case_page}/variables").status_code == 403


def test_an_administrators_look_at_values_is_written_to_the_history(
    signed_in, sessions, case_page
):
    page = signed_in(Role.ADMIN).post(f"{case_page}/variables").text
    assert builders.ANSWERS["full_name"] in page
    with sessions() as session:
        looks = select(HistoryEvent).where(HistoryEvent.kind == "variables.read")
        assert session.scalars(looks).one().actor == "admin"


def test_cases_are_found_by_state_service_and_number(operator, sessions, case_page):
    with sessions() as session:
        number = session.scalar(select(builders.ServiceRequest.number))
    for query in ("", "?state=active", "?type=address_change", f"?number={number.lower()}"):
        assert case_page in operator.get(f"/operations/cases{query}").text, query
    for query in ("?state=completed", "?type=other", "?number=7KQ4M2ZXP"):
        assert case_page not in operator.get(f"/operations/cases{query}").text, query


@pytest.mark.parametrize("place", ["incidents", "jobs", "cases"])
def test_a_state_that_is_none_is_refused(operator, place):
    assert operator.get(f"/operations/{place}?state=odd").status_code == 422


@pytest.mark.parametrize("place", ["incidents", "jobs", "cases", "timers"])
def test_a_list_without_rows_says_so(operator, place):
    assert "empty-state" in operator.get(f"/operations/{place}").text


def test_a_failed_message_is_queued_again_once(operator, sessions):
    facts = {"channel": "mail", "address": "a@example.org", "template": "done", "locale": "en"}
    with transaction(sessions) as session:
        message = correspondence.queue(session, key="k", body="Done", **facts)
        message.state = CorrespondenceState.FAILED
    address = f"/operations/outbox/{message.id}"
    assert "Send it again" in operator.get(address).text
    assert operator.post(f"{address}/again").status_code == 303
    assert now(sessions, Correspondence).state is CorrespondenceState.QUEUED
    assert operator.post(f"{address}/again").status_code == 409
