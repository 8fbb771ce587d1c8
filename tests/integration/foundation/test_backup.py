"""The drill: save an installation with cases in every state, lose it, bring it back elsewhere."""

from hashlib import sha256

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from engine.cases import documents
from engine.errors import InvalidError
from engine.execution import jobs, user_tasks
from engine.lifecycle import DocumentState
from engine.store import Base, Blob, Document, backups, migrations, sealed_stream, transaction
from engine.store.session import open_engine, sessions_on
from tasks.documents import keys, sealing, trust, verification
from tests import builders, database
from tests.unit.documents.builders import plain_letter
from web import cli

KEYS = "the passphrase of the signing keys"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(sealed_stream, "COST", {"n": 2, "r": 8, "p": 1})


@pytest.fixture
def passphrase(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text("the passphrase of the backup\n")
    return path


@pytest.fixture
def installation(sessions, tmp_path):
    """Cases that wait for a job, for a person and for the customer, keys, and a sealed file."""
    store = keys.open(tmp_path / "var" / "keys", KEYS, "Example Gas")
    (tmp_path / "var" / "secrets").mkdir()
    (tmp_path / "var" / "secrets" / "secret_key").write_text("kept")
    with transaction(sessions) as session:
        builders.submitted(session)
        waiting = builders.submitted(session)
        asked = builders.submitted(session)
        account = builders.account(session)
        for case in (waiting, asked):
            finish(session, case)
        ask_for_more(session, asked, account)
        finish(session, asked)
        sealed = sealing.seal(plain_letter(), store, reason="R", location="", name="N")
        owner = {"request_id": waiting.id, "media_type": "application/pdf"}
        documents.store(session, sealed, kind=documents.Kind.PROOF, name="p.pdf", **owner)


def finish(session, case):
    (job,) = builders.open_jobs(session, case)
    jobs.complete(session, job.id, jobs.claim(session, job.id).attempt, {})


def ask_for_more(session, case, account):
    (task,) = builders.open_tasks(session, case)
    user_tasks.claim(session, task.id, account)
    for each in documents.unreviewed(documents.of_request(session, case.id)):
        documents.review(session, each.id, account, DocumentState.REJECTED, "Cannot be read")
    answers = {"decision": "more", "items": ["address_proof"], "note": "Please scan it again."}
    user_tasks.complete(session, task.id, account, answers)


@pytest.fixture
def elsewhere(server_url):
    """Another, empty database on the server."""
    with database.fresh_database(server_url) as url:
        yield url


def command(*arguments, url, folder):
    environ = {"DATABASE_URL": url, "TURNAROUND_DATA": str(folder)}
    environ["TURNAROUND_KEY_PASSPHRASE"] = KEYS
    return CliRunner().invoke(cli.cli, [str(each) for each in arguments], env=environ)


@pytest.fixture
def saved(installation, database_engine, tmp_path, passphrase):
    file = tmp_path / "turnaround.backup"
    url = database_engine.url.render_as_string(hide_password=False)
    arguments = ("backup", file, "--passphrase-file", passphrase)
    result = command(*arguments, url=url, folder=tmp_path / "var")
    assert result.exit_code == 0, result.output
    return file


@pytest.fixture
def restore(saved, elsewhere, passphrase, tmp_path):
    def run(*more, file=saved, phrase=passphrase):
        arguments = ("restore", file, "--passphrase-file", phrase, *more)
        return command(*arguments, url=elsewhere, folder=tmp_path / "new")

    return run


def everything(engine):
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def new_engine(elsewhere):
    engine = open_engine(elsewhere)
    yield engine
    engine.dispose()


def test_every_row_comes_back(restore, database_engine, new_engine):
    result = restore()
    assert result.exit_code == 0, result.output
    before, after = everything(database_engine), everything(new_engine)
    assert before == after
    assert all(before[name] for name in ("jobs", "user_tasks", "timers", "message_subscriptions"))


def test_every_document_has_the_bytes_of_its_digest(restore, new_engine):
    restore()
    with sessions_on(new_engine)() as session:
        for digest, content in session.execute(select(Blob.digest, Blob.content)):
            assert sha256(content).hexdigest() == digest


def test_the_keys_seal_on_and_know_what_they_sealed(restore, new_engine, tmp_path):
    restore()
    store = keys.open(tmp_path / "new" / "keys", KEYS)
    sealed = sealing.seal(plain_letter(), store, reason="R", location="", name="N")
    with sessions_on(new_engine)() as session:
        proof = session.scalars(select(Document).where(Document.name == "p.pdf")).one()
        for content in (sealed, documents.content(session, proof)):
            assert verification.verify(content, trust.of(store)).verdict == "genuine"
    assert (tmp_path / "new" / "secrets" / "secret_key").read_text() == "kept"
    assert (tmp_path / "new" / "keys").stat().st_mode & 0o077 == 0


def test_the_work_goes_on_and_numbers_do_not_begin_anew(restore, new_engine):
    restore()
    with transaction(sessions_on(new_engine)) as session:
        (job_id, *_) = jobs.due(session, 10, overdue_by=-jobs.LEASE)
        jobs.complete(session, job_id, jobs.claim(session, job_id).attempt, {})
    with new_engine.connect() as connection:
        assert migrations.is_current(connection)


def test_nothing_personal_can_be_read_in_the_file(saved):
    assert builders.ANSWERS["full_name"].encode() not in saved.read_bytes()
    assert saved.stat().st_mode & 0o777 == 0o600


def test_a_wrong_passphrase_changes_nothing(restore, new_engine, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase at all")
    result = restore(phrase=wrong)
    assert result.exit_code == 1
    assert "passphrase is wrong" in str(result.exception)
    assert not (tmp_path / "new" / "keys").exists()
    with new_engine.connect() as connection:
        assert (
            connection.scalar(text("select count(*) from pg_tables where tablename='jobs'")) == 0
        )


@pytest.mark.parametrize("end", [50, 5000, -1])
def test_a_file_that_was_cut_off_changes_nothing(restore, saved, tmp_path, end):
    cut = tmp_path / "cut"
    cut.write_bytes(saved.read_bytes()[:end])
    result = restore(file=cut)
    assert result.exit_code == 1
    assert "cut off" in str(result.exception)
    assert not (tmp_path / "new" / "keys").exists()


def test_an_installation_in_use_is_replaced_only_by_force(restore, new_engine):
    assert restore().exit_code == 0
    refused = restore()
    assert refused.exit_code == 1
    assert "--force" in str(refused.exception)
    with transaction(sessions_on(new_engine)) as session:
        builders.account(session, "somebody")
    assert restore("--force").exit_code == 0
    assert "somebody" not in str(everything(new_engine)["accounts"])


def test_a_failure_in_the_middle_leaves_what_was_there(restore, new_engine, monkeypatch, tmp_path):
    assert restore().exit_code == 0
    before = everything(new_engine)

    def fails(_connection):
        raise OSError("The disk is full")

    monkeypatch.setattr(backups, "continue_numbers", fails)
    result = restore("--force")
    assert "nothing was changed: The disk is full" in str(result.exception)
    assert everything(new_engine) == before
    assert (tmp_path / "new" / "keys" / "current" / "root.pem").exists()


def test_a_backup_of_a_newer_version_is_refused(new_engine):
    with new_engine.begin() as connection, pytest.raises(InvalidError, match="newer version"):
        backups.prepare(connection, "9999", force=False)


def test_a_backup_is_not_written_over_another(saved, passphrase, database_engine, tmp_path):
    url = database_engine.url.render_as_string(hide_password=False)
    arguments = ("backup", saved, "--passphrase-file", passphrase)
    result = command(*arguments, url=url, folder=tmp_path / "var")
    assert result.exit_code == 1
    assert "there already" in str(result.exception)


def test_a_short_passphrase_is_refused(installation, database_engine, tmp_path):
    short = tmp_path / "short"
    short.write_text("short")
    url = database_engine.url.render_as_string(hide_password=False)
    arguments = ("backup", tmp_path / "x", "--passphrase-file", short)
    result = command(*arguments, url=url, folder=tmp_path / "var")
    assert result.exit_code == 1
    assert not (tmp_path / "x").exists()
