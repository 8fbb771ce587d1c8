"""Keys made once for all tests of documents: opening them is slow on purpose."""

from pathlib import Path

import pytest

from tasks.documents import keys, trust
from tasks.documents.keys import KeyStore
from tasks.documents.trust import Trust
from tests.unit.documents import builders


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "keys"


@pytest.fixture(scope="session")
def store(key_folder: Path) -> KeyStore:
    return keys.open(key_folder, "a good passphrase", builders.ORGANISATION)


@pytest.fixture(scope="session")
def own_trust(store: KeyStore) -> Trust:
    return trust.of(store)


@pytest.fixture(scope="session")
def sealed(store: KeyStore) -> bytes:
    return builders.sealed(builders.plain_letter(), store)


@pytest.fixture(scope="session")
def signed(store: KeyStore) -> bytes:
    return builders.signed(builders.plain_letter(), store).pdf


@pytest.fixture(scope="session")
def both(store: KeyStore, signed: bytes) -> bytes:
    return builders.sealed(signed, store)
