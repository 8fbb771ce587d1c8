"""Structured logs: the message is an event's name in snake_case, its facts stand in `extra`.

Whatever is logged, no bearer token and no password of an address reaches a log: each finished line
is searched for them.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

from pythonjsonlogger.json import JsonFormatter

from engine.setting_values import LogFormat
from engine.settings import Settings

NOISY = (
    "alembic",
    "dramatiq",
    "fontTools",
    "pika",
    "pikepdf",
    "pyhanko",
    "pyhanko_certvalidator",
)
SILENT = ("waitress.queue",)  # it warns of every request that has to wait a moment
STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

CUT = "[cut]"
# A link's token or a session's: the first lengthy segment of an address, or after its name.
_TOKEN = re.compile(r"(?<=/)(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{24,}(?=[/?\s\"']|$)")
_NAMED = re.compile(
    r"""(?i)\b((?:token|password|passphrase|secret)["']?[=:]\s*["']?)[^\s&"',}]+"""
    r"""|\b(code["']?[=:]\s*["']?)\d{4,10}\b"""
)
_PASSWORD = re.compile(r"(://[^\s:/@]*):[^\s@/]+@")

REQUEST: ContextVar[str | None] = ContextVar("request_id", default=None)
"""The number of the web request that is worked on, or that the work follows from."""
_facts: ContextVar[Mapping[str, object]] = ContextVar("log_facts", default=MappingProxyType({}))


def configure(settings: Settings) -> None:
    """Send all logs to standard error in the chosen format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if settings.log_format is LogFormat.JSON else TextLine())
    handler.addFilter(ContextFacts())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.captureWarnings(capture=True)


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Add these facts to every line logged inside the block, in this thread or context."""
    token = _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


@contextmanager
def caused_by(request_id: str | None) -> Iterator[None]:
    """Let every line, and every job written, inside the block carry this request's number."""
    token = REQUEST.set(request_id)
    try:
        yield
    finally:
        REQUEST.reset(token)


def cut(line: str) -> str:
    """The line without tokens, one-time codes and passwords."""
    line = _PASSWORD.sub(rf"\1:{CUT}@", line)
    return _NAMED.sub(rf"\1\2{CUT}", _TOKEN.sub(CUT, line))


class ContextFacts(logging.Filter):
    """Copies the facts of the context to a record; the record's own come first."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        facts = dict(_facts.get())
        if (number := REQUEST.get()) is not None:
            facts.setdefault("request_id", number)
        for name, value in facts.items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


class JsonLine(JsonFormatter):
    """One JSON object a line: when, level, logger, event and the facts."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "message": "event"},
            timestamp="when",
        )

    def format(self, record: logging.LogRecord) -> str:
        """The line, with secrets cut."""
        return cut(super().format(record))


class TextLine(logging.Formatter):
    """One line for a person: time, level, event, facts as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, with secrets cut; a traceback follows on lines of its own."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        facts = (f"{name}={value}" for name, value in vars(record).items() if name not in STANDARD)
        line = " ".join(
            [f"{moment:%H:%M:%S}", f"{record.levelname:<7}", record.getMessage(), *facts]
        )
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return cut(line)
