"""What a setting is, and the parsers that turn its text into a value.

A parser raises ValueError with a sentence that says what is wanted and never repeats the text: it
may be a secret.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"  # for a person at a terminal
    JSON = "json"  # for a collector


class LogLevel(StrEnum):
    """The least grave line that is written."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class MailSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "smtp"
    TLS = "smtps"  # from the first byte
    STARTTLS = "smtp+starttls"  # after a plain greeting


MAIL_PORTS = {MailSecurity.NONE: 25, MailSecurity.TLS: 465, MailSecurity.STARTTLS: 587}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over; user and password are both given or both None."""

    host: str
    port: int
    security: MailSecurity
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: `default` as one would write it, or in `absent` what happens."""

    variable: str
    meaning: str
    parse: Callable[[str], object]
    default: str | None = None
    absent: str = ""
    secret: bool = False

    def value(self, written: str) -> object:
        """The parsed text; an empty one counts as unset. Raises ValueError."""
        chosen = written or self.default
        return None if chosen is None else self.parse(chosen)

    @property
    def without(self) -> str:
        """What holds when the variable is not set, for people."""
        return self.absent or str(self.default)


def text(written: str) -> str:
    """Any text on one line."""
    if "\n" in written or "\r" in written:
        raise ValueError("give a single line.")
    return written


def secret(shortest: int) -> Callable[[str], str]:
    """A secret of at least `shortest` characters."""

    def parse(written: str) -> str:
        if len(written) < shortest:
            raise ValueError(f"is too short; give at least {shortest} characters.")
        return written

    return parse


def switch(written: str) -> bool:
    """1 or 0."""
    if written not in {"0", "1"}:
        raise ValueError("give 1 (on) or 0 (off).")
    return written == "1"


def choice(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    """A member of `kind`, by its value."""

    def parse(written: str) -> StrEnum:
        if written not in set(kind):
            raise ValueError(f"give one of {', '.join(kind)}.")
        return kind(written)

    return parse


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most`."""

    def parse(written: str) -> int:
        number = int(written) if re.fullmatch(r"[0-9]{1,18}", written) else None
        if number is None or not least <= number <= most:
            raise ValueError(f"give a whole number from {least} to {most}.")
        return number

    return parse


def folder(written: str) -> Path:
    """A folder, made absolute; it need not exist yet."""
    path = Path(written).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("names a file; give a folder.")
    return path


def existing_file(written: str) -> Path:
    """A file that is there."""
    path = Path(written).expanduser().resolve()
    if not path.is_file():
        raise ValueError("there is no such file; correct the path.")
    return path


def database_url(written: str) -> str:
    """A PostgreSQL address, in the spelling SQLAlchemy wants for psycopg 3."""
    parts = _url(written, "postgresql", "postgres", "postgresql+psycopg")
    if not parts.path.strip("/"):
        raise ValueError("name the database: postgresql://user:password@host/database.")
    return "postgresql+psycopg" + written[len(parts.scheme) :]


def broker_url(written: str) -> str:
    """A Redis or AMQP address."""
    _url(written, "redis", "rediss", "amqp", "amqps")
    return written


def web_url(written: str) -> str:
    """An http address without a trailing slash."""
    if not _url(written, "http", "https").hostname:
        raise ValueError("give the whole address: https://host.")
    return written.rstrip("/")


def mail_server(written: str) -> MailServer:
    """A mail server; its scheme says how the connection is protected."""
    parts = _url(written, *MailSecurity)
    security = MailSecurity(parts.scheme)
    if not parts.hostname:
        raise ValueError("name the mail server: smtp://host:port.")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("give user and password, or neither.")
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return MailServer(parts.hostname, parts.port or MAIL_PORTS[security], security, user, password)


def address(written: str) -> str:
    """An e-mail address, bare or as "Name <address>"."""
    bare = re.fullmatch(r"[^<>\r\n]*<([^<>\s]+)>", written)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", bare[1] if bare else written):
        raise ValueError("give an e-mail address: name@example.org.")
    return written


def timezone(written: str) -> ZoneInfo:
    """A zone of the IANA time zone database."""
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("give a zone of the IANA database, such as Asia/Kolkata.") from error


def locale(written: str) -> str:
    """A language with or without a territory: en, hi, pt_BR."""
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", written):
        raise ValueError("give a language such as en, hi or pt_BR.")
    return written


def _url(written: str, *schemes: str) -> SplitResult:
    """The address in its parts; a port that is no number is an error too."""
    wanted = ", ".join(f"{scheme}://" for scheme in schemes)
    try:
        parts = urlsplit(written)
        parts.port  # noqa: B018 -- reading it is the check
    except ValueError as error:
        raise ValueError(f"is not an address that begins with {wanted}.") from error
    if parts.scheme not in schemes or "://" not in written:
        raise ValueError(f"give an address that begins with {wanted}.")
    return parts
