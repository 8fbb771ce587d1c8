"""What a monitor reads, and who may."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine import logs, settings
from engine.execution import jobs
from engine.store import Job, transaction
from tasks import broker, environment, run_job
from tasks.environment import Environment
from tests import builders
from web.app import create_app
from web.operations import metrics

TOKEN = "a token of some length"
DASHBOARD = Path(__file__).parents[3] / "deploy" / "grafana" / "turnaround.json"


@pytest.fixture
def guarded(sessions, tmp_path):
    """An installation that names a token, as production does."""
    environ = {
        "TURNAROUND_DATA": str(tmp_path),
        "TURNAROUND_KEY_PASSPHRASE": "p" * 12,
        "METRICS_TOKEN": TOKEN,
    }
    return create_app(settings.load(environ), sessions).test_client()


@pytest.fixture
def monitor(app):
    app.extensions[metrics.EXTENSION].at = float("-inf")
    return app.test_client()


def read(client, **headers):
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_numbers_of_a_case_are_told(monitor, sessions):
    with transaction(sessions) as session:
        builders.submitted(session)
    found = read(monitor)
    assert found["turnaround_jobs", "available", "notify"] == 1
    assert found["turnaround_cases", "active"] == 1
    assert found[("turnaround_database_answers",)] == 1
    assert found[("turnaround_timers_late",)] == 0


def test_open_tasks_are_counted_by_queue(monitor, sessions):
    with transaction(sessions) as session:
        case = builders.submitted(session)
        (job,) = builders.open_jobs(session, case)
        jobs.complete(session, job.id, jobs.claim(session, job.id).attempt, {})
    assert read(monitor)["turnaround_user_tasks", "created", "executives"] == 1


def test_requests_are_measured_by_pattern_and_never_by_address(monitor):
    monitor.get("/track/7KQ4M2ZXP")
    text = monitor.get("/metrics").text
    assert 'route="/track/<number>"' in text
    assert "7KQ4M2ZXP" not in text


def test_methods_nobody_knows_make_no_numbers_of_their_own(monitor):
    monitor.open("/", method="BREW")
    text = monitor.get("/metrics").text
    assert 'method="other"' in text
    assert "BREW" not in text


def test_the_database_is_asked_only_every_few_seconds(monitor, sessions):
    before = read(monitor).get(("turnaround_cases", "active"), 0)
    with transaction(sessions) as session:
        builders.submitted(session)
    assert read(monitor).get(("turnaround_cases", "active"), 0) == before


def test_a_token_opens_the_numbers_and_nothing_else_does(guarded):
    assert guarded.get("/metrics").status_code == 401
    for given in (f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer ", "Bearer \u00e9"):
        headers = {"Authorization": given.encode().decode("latin-1")}
        assert guarded.get("/metrics", headers=headers).status_code == 401
    assert guarded.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize("header", metrics.FORWARDED)
def test_a_demo_tells_nothing_to_who_comes_through_a_proxy(monitor, header):
    assert monitor.get("/metrics", headers={header: "203.0.113.7"}).status_code == 401


def test_a_demo_tells_nothing_to_other_machines(monitor):
    from_afar = {"REMOTE_ADDR": "203.0.113.7"}
    assert monitor.get("/metrics", environ_base=from_afar).status_code == 401


def test_the_dashboard_asks_for_what_there_is():
    asked = set(re.findall(r"turnaround_\w+", DASHBOARD.read_text()))
    json.loads(DASHBOARD.read_text())
    known = {f"turnaround_{name}" for name in metrics.LABELS} | {"turnaround_database_answers"}
    timed = {"turnaround_http_request_seconds", "turnaround_job_seconds"}
    known |= {name + end for name in timed for end in ("_bucket", "_count", "_sum")}
    assert asked
    assert asked <= known
    assert {f"turnaround_{name}" for name in metrics.LABELS} <= asked


def test_a_job_carries_the_number_of_the_request_it_follows_from(sessions, tmp_path, caplog):
    chosen = settings.load({"TURNAROUND_DATA": str(tmp_path), "TURNAROUND_DEMO": "1"})
    broker.configure(None)
    environment.use(Environment(chosen, sessions))
    with logs.caused_by("abcdef0123456789"), transaction(sessions) as session:
        (job,) = builders.open_jobs(session, builders.submitted(session))
    assert job.caused_by == "abcdef0123456789"
    caplog.handler.addFilter(logs.ContextFacts())
    caplog.set_level("INFO")
    run_job.run(str(job.id))
    broker.close()
    (line,) = (each for each in caplog.records if each.message == "job_completed")
    assert line.request_id == "abcdef0123456789"
    with sessions() as session:
        assert session.get_one(Job, job.id).state == "completed"
