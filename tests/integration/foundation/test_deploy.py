"""The command `turnaround deploy`, on a database of its own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from web import cli

SHIPPED = Path(__file__).parents[3] / "processes" / "address_change"


@pytest.fixture
def deploy(sessions, database_engine, tmp_path):
    """Publishes a folder; gives what the command said."""
    environ = {
        "DATABASE_URL": database_engine.url.render_as_string(hide_password=False),
        "TURNAROUND_DATA": str(tmp_path / "var"),
        "TURNAROUND_DEMO": "1",
    }
    return lambda folder: CliRunner().invoke(cli.cli, ["deploy", str(folder)], env=environ).output


@pytest.fixture
def bundle(tmp_path):
    return Path(shutil.copytree(SHIPPED, tmp_path / "bundle"))


def reword(bundle: Path) -> None:
    texts = bundle / "texts" / "en.toml"
    texts.write_text(texts.read_text().replace("Change of address", "New address"))


def test_what_is_new_becomes_the_next_version(deploy, bundle):
    assert deploy(bundle) == "address_change is published as version 1.\n"
    reword(bundle)
    assert deploy(bundle) == "address_change is published as version 2.\n"


def test_nobody_is_told_that_an_old_version_came_back(deploy, bundle):
    deploy(SHIPPED)
    reword(bundle)
    deploy(bundle)
    assert "version 2 stays the current one" in deploy(SHIPPED)


def test_findings_name_the_file_in_its_folder(deploy, bundle):
    (bundle / "forms" / "application.form.json").unlink()
    assert f"{bundle}/request_type.toml: error: " in deploy(bundle)
