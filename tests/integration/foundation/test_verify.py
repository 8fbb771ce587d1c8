"""The command `turnaround verify`, on a database and keys of its own."""

import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

from engine.cases import documents
from engine.store import transaction
from tasks.documents import keys
from tests.unit.documents import builders
from web import cli

SLOW = ("SpiffWorkflow", "alembic", "flask", "pyhanko", "dramatiq", "cryptography")


@pytest.fixture
def keystore(tmp_path):
    return keys.open(tmp_path / "var" / "keys", "the passphrase of the keys", "Turnaround")


@pytest.fixture
def verify(sessions, database_engine, tmp_path):
    environ = {
        "DATABASE_URL": database_engine.url.render_as_string(hide_password=False),
        "TURNAROUND_DATA": str(tmp_path / "var"),
        "TURNAROUND_KEY_PASSPHRASE": "not the passphrase of the keys",
    }

    def command(content: bytes) -> Result:
        file = tmp_path / "file.pdf"
        file.write_bytes(content)
        return CliRunner().invoke(cli.cli, ["verify", str(file)], env=environ)

    return command


def issue(sessions, content: bytes) -> None:
    with transaction(sessions) as session:
        documents.store(
            session,
            content,
            kind=documents.Kind.PROOF,
            name="proof.pdf",
            media_type="application/pdf",
        )


def test_an_issued_file_is_genuine_without_opening_the_signing_keys(verify, sessions, keystore):
    sealed = builders.sealed(builders.plain_letter(), keystore)
    issue(sessions, sealed)
    result = verify(sealed)
    assert result.output.startswith("Genuine")
    assert result.exit_code == 0


def test_a_sealed_file_that_was_never_issued_is_doubtful(verify, keystore):
    result = verify(builders.sealed(builders.plain_letter(), keystore))
    assert result.output.startswith("Doubtful")
    assert result.exit_code == 1


def test_without_keys_nothing_is_judged(verify):
    assert "holds no keys" in str(verify(b"%PDF-1.7").exception)


def test_the_judge_starts_before_anything_slow_is_loaded():
    code = f"import sys, web.verifying; print([n for n in {SLOW} if n in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert loaded.stdout.strip() == b"[]"
