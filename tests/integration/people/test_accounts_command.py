"""The command `turnaround account`, on a database of its own."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.people import accounts, sign_ins
from engine.store import HistoryEvent, Sessions, transaction
from web import cli

PASSWORD = "correct horse"


@pytest.fixture
def run(sessions, database_engine, tmp_path):
    """Runs `turnaround account ...` outside a demo; the password comes as a line of input."""
    environ = {
        "DATABASE_URL": database_engine.url.render_as_string(hide_password=False),
        "TURNAROUND_DATA": str(tmp_path / "var"),
        "TURNAROUND_DEMO": "0",
        "TURNAROUND_KEY_PASSPHRASE": "p" * 12,
    }

    def command(*arguments: str, typed: str = PASSWORD + "\n") -> Result:
        return CliRunner().invoke(cli.cli, ["account", *arguments], env=environ, input=typed)

    return command


@pytest.fixture
def sample(run) -> Result:
    return run("create", "Sample", "--role", "teamleader", "--password-stdin")


def password_opens(sessions: Sessions, name: str) -> bool:
    with transaction(sessions) as session:
        return accounts.authenticate(session, name, PASSWORD) is not None


def test_the_first_account_is_made_where_there_is_no_demo(sample, sessions):
    assert sample.exit_code == 0
    assert password_opens(sessions, "sample")


def test_a_role_brings_the_queues_it_works_on(sample):
    assert sample.output == "sample can sign in; queues: executives, team_leaders.\n"


def test_named_groups_take_the_place_of_those_of_the_role(run):
    made = run(
        "create", "a", "--role", "executive", "--role", "auditor", "--group", "meters",
        "--password-stdin",
    )  # fmt: skip
    assert made.output == "a can sign in; queues: meters.\n"


def test_the_password_is_asked_twice(run, sessions):
    made = run("create", "sample", "--role", "admin", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert password_opens(sessions, "sample")


def test_a_name_is_taken_once(sample, run):
    again = run("create", "SAMPLE", "--role", "admin", "--password-stdin")
    assert isinstance(again.exception, ConflictError)


def test_a_short_password_is_refused(run):
    made = run("create", "sample", "--role", "admin", "--password-stdin", typed="short\n")
    assert isinstance(made.exception, InvalidError)


def test_accounts_are_listed_with_what_they_may(sample, run):
    words = " ".join(run("list").output.split())
    assert words == "active sample roles: teamleader; queues: executives, team_leaders"


def test_a_closed_account_stays_listed_and_opens_nothing(sample, run, sessions):
    assert run("deactivate", "Sample").output == "Sample is closed.\n"
    assert run("list").output.startswith("closed  sample")
    assert not password_opens(sessions, "sample")


def test_an_account_that_is_not_there_cannot_be_closed(run):
    assert isinstance(run("deactivate", "nobody").exception, NotFoundError)


def test_a_new_password_opens_and_the_old_one_does_not(sample, run, sessions):
    changed = run("password", "Sample", "--password-stdin", typed="another horse\n")
    assert changed.output == "sample has a new password and is signed out everywhere.\n"
    assert not password_opens(sessions, "sample")
    with transaction(sessions) as session:
        assert accounts.authenticate(session, "sample", "another horse")


def test_a_new_password_ends_what_is_signed_in_and_is_a_fact(sample, run, sessions):
    with transaction(sessions) as session:
        token = sign_ins.open(session, accounts.by_name(session, "sample"))
    run("password", "sample", "--password-stdin", typed="another horse\n")
    with sessions() as session:
        assert sign_ins.find(session, token) is None
        (fact,) = session.scalars(select(HistoryEvent))
    assert (fact.kind, fact.actor, fact.data) == (
        "account.password_set",
        "operator",
        {"account": "sample"},
    )


def test_a_short_new_password_is_refused_and_the_old_one_stays(sample, run, sessions):
    changed = run("password", "sample", "--password-stdin", typed="short\n")
    assert isinstance(changed.exception, InvalidError)
    assert password_opens(sessions, "sample")


def test_a_closed_account_is_not_opened_by_a_new_password(sample, run, sessions):
    run("deactivate", "sample")
    assert "closed and stays so" in run("password", "sample", "--password-stdin").output
    assert not password_opens(sessions, "sample")
