"""The systemd units and the proxy's file name only commands and settings that exist."""

import re
from pathlib import Path

import pytest

from engine import settings
from web.cli import cli

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PARTS = {"migrate", "web", "worker", "scheduler"}
SETTINGS = {setting.variable for _, setting in settings.declared()}


@pytest.fixture(params=UNITS, ids=lambda path: path.stem)
def unit(request):
    return request.param.read_text()


def test_there_is_a_unit_for_each_part():
    assert {path.stem.removeprefix("turnaround-").rstrip("@") for path in UNITS} == PARTS


def test_a_unit_runs_a_command_that_exists(unit):
    (command,) = re.findall(r"^ExecStart=\S+/turnaround (\w+)$", unit, re.MULTILINE)
    assert command in cli.commands
    assert command in PARTS


def test_a_unit_sets_nothing_but_settings(unit):
    assert set(re.findall(r"^Environment=([A-Z_]+)=", unit, re.MULTILINE)) <= SETTINGS


def test_a_unit_runs_without_privileges_and_keeps_its_data_private(unit):
    assert "\nUser=turnaround\n" in unit
    assert "\nNoNewPrivileges=yes\n" in unit
    assert "\nStateDirectoryMode=0700\n" in unit


def test_the_passphrase_of_the_keys_lies_outside_the_data(unit):
    assert "TURNAROUND_KEY_PASSPHRASE_FILE=%d/key_passphrase" in unit
    assert "TURNAROUND_DATA=/var/lib/turnaround" in unit


def test_every_part_starts_after_the_migrations():
    for path in UNITS:
        if "migrate" not in path.stem:
            assert "\nRequires=turnaround-migrate.service\n" in path.read_text()


def test_the_proxy_leads_to_the_web_part_and_hides_the_numbers():
    text = (DEPLOY / "Caddyfile").read_text()
    assert "reverse_proxy 127.0.0.1:8000" in text
    assert re.search(r"@inside path /metrics.*\n\s*respond @inside 404", text)
    assert set(re.findall(r"\b[A-Z]+_[A-Z_]+(?==)", text)) <= SETTINGS
