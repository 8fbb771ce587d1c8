"""The settings of one installation, each declared once.

An annotation carries the declaration, so that the check, the documentation and the type of a
setting cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, get_type_hints
from zoneinfo import ZoneInfo

from engine.setting_values import (
    LogFormat,
    LogLevel,
    MailServer,
    Setting,
    address,
    broker_url,
    choice,
    database_url,
    existing_file,
    folder,
    locale,
    mail_server,
    secret,
    switch,
    text,
    timezone,
    web_url,
    whole,
)

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """One installation's settings; the annotations carry their declarations."""

    data_folder: Annotated[
        Path,
        Setting("TURNAROUND_DATA", "Folder for everything the product keeps.", folder, "./var"),
    ]
    database_url: Annotated[
        str | None,
        Setting(
            "DATABASE_URL",
            "Your own PostgreSQL (14 or newer), postgresql://user:password@host/database.",
            database_url,
            absent="an embedded PostgreSQL in the data folder",
            secret=True,
        ),
    ]
    broker_url: Annotated[
        str | None,
        Setting(
            "BROKER_URL",
            "Message broker for workers in other processes, redis://... or amqp://...",
            broker_url,
            absent="workers inside the web process",
            secret=True,
        ),
    ]
    secret_key: Annotated[
        str,
        Setting(
            "SECRET_KEY",
            "Signs sessions and links; at least 16 characters, the same for all processes.",
            secret(16),
            absent="made at the first start, kept in the data folder",
            secret=True,
        ),
    ]
    demo: Annotated[
        bool,
        Setting(
            "TURNAROUND_DEMO", "1 makes demo accounts and shows simulated messages.", switch, "0"
        ),
    ]
    demo_password: Annotated[
        str | None,
        Setting(
            "TURNAROUND_DEMO_PASSWORD",
            "The one password of all demo accounts; at least 8 characters.",
            secret(8),
            absent="made at the first start of a demo, kept in the data folder",
            secret=True,
        ),
    ]
    key_passphrase: Annotated[
        str,
        Setting(
            "TURNAROUND_KEY_PASSPHRASE",
            "Opens the organisation's signing keys; at least 12 characters.",
            secret(12),
            absent="read from TURNAROUND_KEY_PASSPHRASE_FILE; a demo makes its own",
            secret=True,
        ),
    ]
    key_passphrase_file: Annotated[
        Path | None,
        Setting(
            "TURNAROUND_KEY_PASSPHRASE_FILE",
            "File with the passphrase of the signing keys; must lie outside the data folder.",
            existing_file,
            absent="the passphrase comes from TURNAROUND_KEY_PASSPHRASE",
        ),
    ]
    tsa_url: Annotated[
        str | None,
        Setting(
            "TSA_URL",
            "Time-stamping authority (RFC 3161).",
            web_url,
            absent="the installation's own time stamp, labelled as such",
        ),
    ]
    mail: Annotated[
        MailServer | None,
        Setting(
            "MAIL_URL",
            "Mail server: smtp://, smtps:// or smtp+starttls://user:password@host:port.",
            mail_server,
            absent="mail stays in the outbox",
            secret=True,
        ),
    ]
    mail_from: Annotated[
        str,
        Setting("MAIL_FROM", "Sender of all mail.", address, absent="PROVIDER_EMAIL"),
    ]
    public_url: Annotated[
        str,
        Setting(
            "PUBLIC_URL",
            "Address customers reach this installation under; stands in links.",
            web_url,
            absent="http://HOST:PORT",
        ),
    ]
    host: Annotated[str, Setting("HOST", "Address the web server binds.", text, "127.0.0.1")]
    port: Annotated[int, Setting("PORT", "Port the web server binds.", whole(1, 65535), "8000")]
    trusted_proxies: Annotated[
        int,
        Setting(
            "TRUSTED_PROXIES",
            "Number of reverse proxies in front whose X-Forwarded-* headers count.",
            whole(0, 10),
            "0",
        ),
    ]
    web_threads: Annotated[
        int, Setting("WEB_THREADS", "Requests answered at the same time.", whole(1, 64), "8")
    ]
    worker_threads: Annotated[
        int, Setting("WORKER_THREADS", "Jobs worked on at the same time.", whole(1, 64), "4")
    ]
    upload_max_bytes: Annotated[
        int,
        Setting(
            "UPLOAD_MAX_BYTES",
            "Largest document a customer may upload, in bytes.",
            whole(1024, 100 * MEGABYTE),
            str(10 * MEGABYTE),
        ),
    ]
    upload_max_files: Annotated[
        int, Setting("UPLOAD_MAX_FILES", "Documents per request.", whole(1, 100), "10")
    ]
    upload_cleaners: Annotated[
        int | None,
        Setting(
            "UPLOAD_CLEANERS",
            "Uploads checked at the same time; one may take 1.5 GB of memory for seconds.",
            whole(1, 64),
            absent="one a core, as far as half the memory goes",
        ),
    ]
    provider_name: Annotated[
        str,
        Setting("PROVIDER_NAME", "The organisation that offers the service.", text, "Turnaround"),
    ]
    provider_email: Annotated[
        str | None,
        Setting("PROVIDER_EMAIL", "Where customers write to.", address, absent="not shown"),
    ]
    provider_phone: Annotated[
        str | None, Setting("PROVIDER_PHONE", "Where customers call.", text, absent="not shown")
    ]
    provider_address: Annotated[
        str | None, Setting("PROVIDER_ADDRESS", "Postal address.", text, absent="not shown")
    ]
    provider_logo: Annotated[
        Path | None,
        Setting("PROVIDER_LOGO", "SVG or PNG file.", existing_file, absent="the name alone"),
    ]
    provider_timezone: Annotated[
        ZoneInfo,
        Setting("PROVIDER_TIMEZONE", "Zone moments are shown in.", timezone, "Asia/Kolkata"),
    ]
    default_locale: Annotated[
        str, Setting("DEFAULT_LOCALE", "Language where none is chosen.", locale, "en")
    ]
    metrics_token: Annotated[
        str | None,
        Setting(
            "METRICS_TOKEN",
            "Bearer token for /metrics; at least 16 characters.",
            secret(16),
            absent="/metrics answers in a demo alone, and to this machine alone",
            secret=True,
        ),
    ]
    log_format: Annotated[
        LogFormat,
        Setting("LOG_FORMAT", "text for people, json for machines.", choice(LogFormat), "text"),
    ]
    log_level: Annotated[
        LogLevel,
        Setting(
            "LOG_LEVEL",
            "The least grave line that is written: DEBUG, INFO, WARNING or ERROR.",
            choice(LogLevel),
            "INFO",
        ),
    ]

    def __repr__(self) -> str:
        """Leave every secret out: a representation ends in logs."""
        shown = (f"{name}={getattr(self, name)!r}" for name, s in declared() if not s.secret)
        return f"Settings({', '.join(shown)})"


def declared() -> Iterator[tuple[str, Setting]]:
    """Each field's name with its declaration, in the order of declaration."""
    hints = get_type_hints(Settings, include_extras=True)
    for field in fields(Settings):
        yield field.name, hints[field.name].__metadata__[0]
