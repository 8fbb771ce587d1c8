"""What attackers need: the whole installation of the portal's tests, and staff who sign in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.people import accounts
from engine.people.roles import Role
from engine.store import Sessions, transaction
from tests.integration.portal.conftest import (
    another,
    app,
    chosen,
    customer,
    executive,
    keystore,
)

__all__ = ["another", "app", "chosen", "customer", "executive", "keystore"]

PASSWORD = "a password for tests"


@pytest.fixture
def signed_in(app: Flask, sessions: Sessions) -> Callable[[Role], FlaskClient]:
    """A client signed in with a demo account."""

    def enter(role: Role) -> FlaskClient:
        with transaction(sessions) as session:
            accounts.ensure_demo(session, PASSWORD)
        client = app.test_client()
        form = {"name": role.value, "password": PASSWORD}
        assert client.post("/account/sign-in", data=form).status_code == 303
        return client

    return enter
