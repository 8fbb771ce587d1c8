"""Withdrawing a request type and offering it again, by the command line."""

import shutil

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine import settings
from engine.definitions import bundles, request_types
from engine.definitions.errors import WithdrawnError
from engine.errors import NotFoundError
from engine.store import HistoryEvent, transaction
from tests import builders
from web import cli, server

KEY = "address_change"


@pytest.fixture
def run(sessions, database_engine, tmp_path):
    environ = {
        "DATABASE_URL": database_engine.url.render_as_string(hide_password=False),
        "TURNAROUND_DATA": str(tmp_path / "var"),
        "TURNAROUND_DEMO": "1",
    }

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(cli.cli, arguments, env=environ)

    return command


@pytest.fixture
def withdrawn(run, sessions):
    with transaction(sessions) as session:
        builders.address_change(session)
    return run("withdraw", KEY)


def offered(sessions) -> list[int]:
    with sessions() as session:
        return [each.version for each in request_types.current(session)]


def reworded(tmp_path):
    bundle = tmp_path / KEY
    shutil.copytree(builders.BUNDLE, bundle)
    texts = bundle / "texts" / "en.toml"
    texts.write_text(texts.read_text().replace("Change of address", "New address"))
    return bundle


def test_what_is_withdrawn_is_offered_no_longer(withdrawn, sessions):
    assert "turnaround offer address_change" in withdrawn.output
    assert offered(sessions) == []
    with sessions() as session, pytest.raises(WithdrawnError):
        request_types.latest(session, KEY)


def test_it_comes_back_by_offering_it(withdrawn, run, sessions):
    assert run("offer", KEY).output == f"{KEY} is offered in version 1.\n"
    assert offered(sessions) == [1]


def test_it_comes_back_by_publishing_a_new_version(withdrawn, run, sessions, tmp_path):
    assert "published as version 2" in run("deploy", str(reworded(tmp_path))).output
    assert offered(sessions) == [2]


def test_publishing_the_same_again_says_that_it_is_withdrawn(withdrawn, run, sessions):
    assert "which is withdrawn" in run("deploy", str(builders.BUNDLE)).output
    assert offered(sessions) == []


def test_an_upgrade_does_not_bring_it_back(withdrawn, sessions, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "SHIPPED", reworded(tmp_path).parent)
    environ = {"TURNAROUND_DATA": str(tmp_path / "var"), "TURNAROUND_DEMO": "1"}
    server.prepare(settings.load(environ), sessions)
    assert offered(sessions) == []


def test_both_are_facts_and_repeating_them_is_none(withdrawn, run, sessions):
    for verb in ("withdraw", "offer", "offer"):
        run(verb, KEY)
    with sessions() as session:
        facts = [(e.kind, e.actor, e.data["key"]) for e in session.scalars(select(HistoryEvent))]
    assert facts == [
        ("request_type.withdrawn", "operator", KEY),
        ("request_type.offered", "operator", KEY),
    ]


def test_an_unknown_request_type_is_named(run):
    assert isinstance(run("withdraw", "adress_change").exception, NotFoundError)


def test_running_cases_go_on(withdrawn, sessions):
    with transaction(sessions) as session:
        version = bundles.deploy_folder(session, builders.BUNDLE)
        draft = builders.ready_draft(session, request_types.get(session, version.id))
        request = builders.submitted(session, draft)
        assert builders.open_jobs(session, request)
