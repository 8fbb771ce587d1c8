"""The command line: it answers, refuses with a message, and never with a traceback."""

import json
import shutil
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from web import checking, cli

BUNDLE = Path(__file__).parents[3] / "processes" / "address_change"


def run(*arguments: str, **environ: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.cli, arguments, env=environ)
    return result.exit_code, result.output


def refused(monkeypatch, capsys, *arguments: str) -> str:
    monkeypatch.setattr("sys.argv", ["turnaround", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_help_lists_the_commands():
    code, said = run("--help")
    assert code == 0
    assert all(f"\n  {name} " in said for name in ("up", "web", "worker", "deploy", "doctor"))


def test_feel_prints_json():
    context = json.dumps({"amount": 1200, "kind": "fire"})
    assert run("feel", "amount * 2", "--context", context) == (0, "2400\n")


@pytest.mark.parametrize(
    "arguments", [("1 +",), ("1", "--context", "[1]"), ("1", "--context", "{")]
)
def test_feel_refuses_what_it_cannot_read(monkeypatch, capsys, arguments):
    assert refused(monkeypatch, capsys, "feel", *arguments).startswith("Error: ")


def test_check_finds_nothing_wrong_with_what_ships():
    files = [str(path) for path in BUNDLE.rglob("*") if path.suffix in {".bpmn", ".json"}]
    code, said = run("check", *files, "--format", "json")
    assert code == 0
    assert not [found for found in json.loads(said) if found["severity"] == "error"]


def test_check_says_so_when_it_finds_nothing():
    assert run("check", str(BUNDLE)) == (0, "No findings.\n")


@pytest.mark.parametrize("name", ["broken.bpmn", "broken.dmn", "broken.form.json", "broken.toml"])
def test_check_reports_a_broken_file_as_a_finding(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"<<< \xff neither XML nor JSON nor TOML")
    code, said = run("check", str(path), "--format", "json")
    (found,) = json.loads(said)
    assert code == 1
    assert set(found) == {"file", "element_id", "rule", "severity", "message", "line"}
    assert (found["file"], found["severity"]) == (str(path), "error")


@pytest.mark.parametrize("name", ["absent.bpmn", "picture.gif"])
def test_check_reports_what_it_cannot_check(tmp_path, name):
    code, said = run("check", str(tmp_path / name))
    assert code == 1
    assert name in said


def test_check_tells_an_absent_file_from_one_of_another_kind(tmp_path):
    assert "There is no such file" in run("check", str(tmp_path / "absent"))[1]


def test_a_malformed_setting_stops_the_start_with_its_name(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("TURNAROUND_DATA", str(tmp_path))
    monkeypatch.setenv("TURNAROUND_DEMO", "1")
    monkeypatch.setenv("PORT", "eighty")
    assert refused(monkeypatch, capsys, "up").startswith("PORT: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("account", "list"),
        ("account", "deactivate", "sample"),
        ("account", "create", "sample", "--role", "executive", "--password-stdin"),
        ("incident", "list"),
        ("deploy", str(BUNDLE)),
        ("verify", str(BUNDLE / "process.bpmn")),
        ("doctor",),
        ("no-such-command",),
    ],
)
@pytest.mark.parametrize("demo", ["0", "1"])
def test_a_command_in_a_mistyped_folder_makes_nothing(tmp_path, arguments, demo):
    environ = {"TURNAROUND_DEMO": demo, "TURNAROUND_KEY_PASSPHRASE": "p" * 12, "DATABASE_URL": ""}
    code, _ = run(*arguments, TURNAROUND_DATA=str(tmp_path / "typo"), **environ)
    assert code != 0 or arguments == ("doctor",)
    assert not (tmp_path / "typo").exists()


def test_a_command_in_a_mistyped_folder_says_where_it_looked(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("TURNAROUND_DATA", str(tmp_path / "typo"))
    monkeypatch.setenv("TURNAROUND_DEMO", "1")
    said = refused(monkeypatch, capsys, "account", "list")
    assert f"There is no installation in {tmp_path / 'typo'}." in said


def test_parts_by_themselves_need_a_database_and_a_broker(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("TURNAROUND_DATA", str(tmp_path))
    monkeypatch.setenv("TURNAROUND_DEMO", "1")
    said = refused(monkeypatch, capsys, "worker")
    assert [line.split(":")[0] for line in said.splitlines()] == ["DATABASE_URL", "BROKER_URL"]


def test_doctor_lists_every_setting_without_reading_one():
    code, said = run("doctor", "--settings", PORT="eighty")
    assert code == 0
    assert "TURNAROUND_KEY_PASSPHRASE_FILE\n" in said
    assert "SECRET_KEY  (secret)\n" in said
    assert "eighty" not in said


def test_doctor_names_each_fault(tmp_path):
    code, said = run("doctor", TURNAROUND_DATA=str(tmp_path), PORT="eighty", TURNAROUND_DEMO="0")
    assert code == 1
    assert "FAULT  settings" in said
    assert "TURNAROUND_KEY_PASSPHRASE" in said


def test_doctor_is_content_with_what_the_first_start_will_make(tmp_path):
    environ = {
        "TURNAROUND_DEMO": "1",
        "SECRET_KEY": "k" * 16,
        "TURNAROUND_KEY_PASSPHRASE": "p" * 12,
    }
    code, said = run("doctor", TURNAROUND_DATA=str(tmp_path / "var"), **environ)
    assert "ok     database       will be made at the first start" in said
    assert "ok     keys           will be made at the first start" in said
    assert (code == 0) is ("FAULT" not in said)


def test_doctor_says_which_server_does_not_answer(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    environ = {"TURNAROUND_DEMO": "1", "BROKER_URL": f"redis://127.0.0.1:{port}"}
    code, said = run("doctor", TURNAROUND_DATA=str(tmp_path / "var"), **environ)
    assert code == 1
    assert "check BROKER_URL" in said


@pytest.mark.parametrize(("demo", "missed"), [("0", True), ("1", False)])
def test_doctor_misses_a_mail_server_outside_the_demo_alone(tmp_path, demo, missed):
    environ = {"TURNAROUND_DEMO": demo, "TURNAROUND_KEY_PASSPHRASE": "p" * 12, "MAIL_URL": ""}
    _, said = run("doctor", TURNAROUND_DATA=str(tmp_path / "var"), **environ)
    assert ("set MAIL_URL" in said) is missed


def test_a_folder_is_checked_as_the_request_type_it_would_be(tmp_path):
    bundle = tmp_path / "bundle"
    shutil.copytree(BUNDLE, bundle)
    diagram = bundle / "process.bpmn"
    diagram.write_text(diagram.read_text().replace("level(3)", "level(5)"))
    (finding,) = checking.findings([bundle])
    assert (finding.file, finding.element_id) == (str(diagram), "Level3Due")
