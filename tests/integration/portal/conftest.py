"""A whole installation without workers: a small service, keys, and customers' browsers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from engine import settings
from engine.definitions import bundles
from engine.people import accounts
from engine.people.roles import Role
from engine.settings import Settings
from engine.store import Account, Correspondence, Sessions, transaction
from tasks.documents import keys
from tests.integration.portal.browser import Customer
from web.app import create_app
from web.portal import tracking
from web.security import limiter

MOVING = Path(__file__).parents[2] / "fixtures" / "moving"
PASSPHRASE = "a passphrase for tests"


@pytest.fixture(scope="session")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> keys.KeyStore:
    return keys.open(tmp_path_factory.mktemp("keys"), PASSPHRASE, "Turnaround")


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    before = dict(settings._in_use)
    chosen = settings.load({"TURNAROUND_DATA": str(tmp_path), "TURNAROUND_DEMO": "1"})
    settings.use(chosen)
    yield chosen
    settings._in_use.clear()
    settings._in_use.update(before)


@pytest.fixture
def app(
    sessions: Sessions,
    keystore: keys.KeyStore,
    chosen: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    with transaction(sessions) as session:
        bundles.deploy_folder(session, MOVING)
    app = create_app(chosen, sessions, keystore)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    monkeypatch.setattr(tracking, "PACE", replace(tracking.PACE, wait=lambda _: None))
    before = limiter.enabled
    limiter.enabled = False
    yield app
    limiter.enabled = before


@pytest.fixture
def customer(app: Flask, sessions: Sessions) -> Customer:
    return Customer(app.test_client(), lambda: newest_code(sessions))


@pytest.fixture
def another(app: Flask, sessions: Sessions) -> Customer:
    return Customer(app.test_client(), lambda: newest_code(sessions))


@pytest.fixture
def executive(app: Flask, sessions: Sessions) -> Account:
    with transaction(sessions) as session:
        return accounts.create(
            session, "executive", None, roles=[Role.EXECUTIVE], groups=["executives"]
        )


def newest_code(sessions: Sessions) -> str:
    """The code in the message written last, as its reader finds it."""
    written = select(Correspondence.body).where(Correspondence.masked)
    with sessions() as session:
        bodies = session.scalars(written.order_by(Correspondence.created_at.desc()))
        return re.search(r"\b\d{6}\b", bodies.first())[0]
