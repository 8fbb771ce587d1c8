"""What the composition root gives to a Flask application, and every view may ask for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app

from engine.settings import Settings
from engine.store import Sessions

if TYPE_CHECKING:  # signing is slow to import, and not every process signs
    from tasks.documents.keys import KeyStore

EXTENSION = "turnaround"


@dataclass(frozen=True, slots=True)
class Installation:
    """The settings, the database, and the organisation's keys where this process may sign."""

    settings: Settings
    sessions: Sessions
    keystore: "KeyStore | None" = None


def install(app: Flask, installation: Installation) -> None:
    """Give `installation` to all views of `app`."""
    app.extensions[EXTENSION] = installation


def current() -> Installation:
    """The installation of the application that answers this request."""
    installation: Installation = current_app.extensions[EXTENSION]
    return installation
