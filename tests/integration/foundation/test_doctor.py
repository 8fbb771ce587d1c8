"""What the doctor finds in a database."""

import pytest

from engine.people import accounts
from engine.people.roles import Role
from engine.store import transaction
from web import doctor


@pytest.fixture
def says(sessions, database_engine, tmp_path, monkeypatch):
    """What the doctor says of one part of an installation on this database."""
    url = database_engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("TURNAROUND_DATA", str(tmp_path))
    monkeypatch.setenv("TURNAROUND_DEMO", "1")
    return lambda part: next(found for found in doctor.examine() if found.part == part)


def test_an_installation_nobody_can_sign_in_to_is_a_fault(says, sessions):
    with transaction(sessions) as session:
        accounts.create(session, "robot", None, roles=[Role.EXECUTIVE])
        accounts.create(session, "left", "correct horse", roles=[Role.EXECUTIVE])
        accounts.deactivate(session, "left")
    found = says("accounts")
    assert not found.good
    assert "turnaround account create" in found.says


def test_one_account_is_enough(says, sessions):
    with transaction(sessions) as session:
        accounts.create(session, "sample", "correct horse", roles=[Role.EXECUTIVE])
    assert says("accounts").good
