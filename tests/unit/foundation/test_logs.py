"""Logs: one event a line, with its facts and without secrets."""

import io
import json
import logging

import pytest

from engine import logs, settings


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Configure the logs in a format and give what they wrote."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def configure(form: str) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr("sys.stderr", stream)
        environ = {"TURNAROUND_DATA": str(tmp_path), "TURNAROUND_DEMO": "1", "LOG_FORMAT": form}
        logs.configure(settings.load(environ))
        return stream

    yield configure
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def test_a_json_line_holds_event_level_time_and_facts(written):
    stream = written("json")
    logging.getLogger("tasks.worker").info("job_done", extra={"job": "j1", "attempt": 2})
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["logger"]) == ("job_done", "INFO", "tasks.worker")
    assert (line["job"], line["attempt"]) == ("j1", 2)
    assert line["when"].endswith("+00:00")


def test_a_text_line_is_for_people(written):
    stream = written("text")
    logging.getLogger("x").warning("mail_refused", extra={"code": "550"})
    assert stream.getvalue().rstrip().endswith("WARNING mail_refused code=550")


def test_the_facts_of_the_context_stand_in_every_line(written):
    stream = written("json")
    with logs.about(correlation_id="c1"):
        logging.getLogger("x").info("inside")
    logging.getLogger("x").info("outside")
    inside, outside = map(json.loads, stream.getvalue().splitlines())
    assert inside["correlation_id"] == "c1"
    assert "correlation_id" not in outside


def test_a_fault_keeps_its_traceback(written):
    stream = written("text")
    try:
        int("broken")
    except ValueError:
        logging.getLogger("x").exception("unexpected_error")
    assert "ValueError: invalid literal" in stream.getvalue()


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("GET /upload/Zk3vR8sQ1mT7xY5bN2cL9dW4/files", "Zk3vR8sQ1mT7xY5bN2cL9dW4"),
        ('{"path": "/feedback/Zk3vR8sQ1mT7xY5bN2cL9dW4"}', "Zk3vR8sQ1mT7xY5bN2cL9dW4"),
        ("connect postgresql+psycopg://app:hunter2@db/x", "hunter2"),
        ("connect amqp://guest:guest2@mq:5672", "guest2"),
        ("GET /x?token=abc123", "abc123"),
        ('{"password": "hunter2"}', "hunter2"),
        ("code=482913", "482913"),
    ],
)
def test_secrets_are_cut_from_a_line(line, secret):
    assert secret not in logs.cut(line)


@pytest.mark.parametrize(
    "line",
    [
        "GET /inbox/tasks/1f0c9f4e status=200",
        "/work/main/engine/execution/process_instances_and_more.py",
        "postgresql+psycopg://app@db/turnaround",
    ],
)
def test_ordinary_lines_stay_whole(line):
    assert logs.cut(line) == line
