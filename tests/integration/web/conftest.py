"""An application on the test database, and browsers signed in as whoever is asked for."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine import settings
from engine.people import accounts
from engine.people.roles import Role
from engine.store import Sessions, transaction
from web.app import create_app

PASSWORD = "a demo's password"


@pytest.fixture
def app(sessions: Sessions, tmp_path) -> Flask:
    environ = {"TURNAROUND_DATA": str(tmp_path), "TURNAROUND_DEMO": "1"}
    app = create_app(settings.load(environ), sessions)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def demo(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        accounts.ensure_demo(session, PASSWORD)


@pytest.fixture
def signed_in(app: Flask, demo: None) -> Callable[[Role | None], FlaskClient]:
    """A client, signed in with the demo account of a role, or not at all."""

    def enter(role: Role | None) -> FlaskClient:
        client = app.test_client()
        if role is not None:
            form = {"name": role.value, "password": PASSWORD}
            assert client.post("/account/sign-in", data=form).status_code == 303
        return client

    return enter
