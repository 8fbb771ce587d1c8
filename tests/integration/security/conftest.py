"""What attackers need: the whole installation of the portal's tests, and staff who sign in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.cases import documents
from engine.people import accounts
from engine.people.roles import Role
from engine.store import Correspondence, Document, ServiceRequest, Sessions, transaction
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


@pytest.fixture
def newest_body(sessions: Sessions) -> Callable[[], str]:
    """The text of the message written last."""

    def find() -> str:
        newest = select(Correspondence.body).order_by(Correspondence.created_at.desc())
        with sessions() as session:
            return session.scalars(newest).first()

    return find


@pytest.fixture
def newest_number(sessions: Sessions) -> Callable[[], str]:
    """The number of the request made last."""

    def find() -> str:
        newest = select(ServiceRequest.number).order_by(ServiceRequest.submitted_at.desc())
        with sessions() as session:
            return session.scalars(newest).first()

    return find


@pytest.fixture
def newest_upload(sessions: Sessions) -> Callable[[], tuple[str, bytes]]:
    """Name and bytes of the document kept last."""

    def find() -> tuple[str, bytes]:
        with sessions() as session:
            newest = select(Document).order_by(Document.created_at.desc())
            found = session.scalars(newest).first()
            return found.name, documents.content(session, found)

    return find
