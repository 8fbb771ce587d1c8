"""The command `turnaround incident`, on a database of its own."""

import pytest
from click.testing import CliRunner, Result

from engine.errors import NotFoundError
from engine.execution import incidents, jobs
from engine.lifecycle import JobState
from engine.store import Job, transaction
from tests import builders
from web import cli


@pytest.fixture
def run(sessions, database_engine, tmp_path):
    environ = {
        "DATABASE_URL": database_engine.url.render_as_string(hide_password=False),
        "TURNAROUND_DATA": str(tmp_path / "var"),
        "TURNAROUND_DEMO": "1",
    }

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, ["incident", *arguments], env=environ)

    return command


@pytest.fixture
def failed(sessions):
    """The incident of a job that cannot succeed."""
    with transaction(sessions) as session:
        (row,) = builders.open_jobs(session, builders.submitted(session))
        job = jobs.claim(session, row.id)
        jobs.fail(session, job.id, job.attempt, "No such template", retryable=False)
        (incident,) = incidents.open_incidents(session)
    return incident


def test_the_list_names_the_place_the_fault_and_the_way_out(run, failed):
    listed = run("list").output
    for said in (str(failed.id), "Acknowledge", "No such template", "turnaround incident retry"):
        assert said in listed


def test_without_incidents_the_list_says_so(run):
    assert "Nothing stands still" in run("list").output


def test_a_job_runs_again_with_all_its_tries(run, failed, sessions):
    assert run("retry", str(failed.id), "--note", "template added").exit_code == 0
    with transaction(sessions) as session:
        job = session.get_one(Job, failed.job_id)
        assert (job.state, job.failures) == (JobState.AVAILABLE, 0)
        assert incidents.open_incidents(session) == []


def test_an_incident_that_is_not_there_is_refused_by_name(run):
    refused = run("retry", "00000000-0000-0000-0000-000000000000", "--note", "x")
    assert isinstance(refused.exception, NotFoundError)
