import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from engine import clock
from tasks.documents import certificates, keys
from tasks.documents.certificates import Role
from tasks.documents.errors import KeysError, KeysMissingError, WrongPassphraseError
from tasks.documents.keys import KeyStore


@pytest.fixture
def cheap_keys(monkeypatch):
    monkeypatch.setattr(keys, "KDF_ROUNDS", 1000)


def test_keys_once_made_are_opened_again(store: KeyStore, key_folder: Path):
    again = keys.open(key_folder, "a good passphrase")
    assert again.seal.certificate == store.seal.certificate


def test_the_folder_is_closed_to_other_accounts(store: KeyStore, key_folder: Path):
    assert keys.exposed_files(key_folder) == ()


def test_a_file_that_others_can_read_is_named(cheap_keys, tmp_path: Path):
    keys.open(tmp_path, "secret", "Provider")
    (tmp_path / "current" / "seal.p12").chmod(0o644)
    assert keys.exposed_files(tmp_path) == (tmp_path / "current" / "seal.p12",)


def test_key_files_are_for_their_owner_alone(store: KeyStore, key_folder: Path):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in key_folder.glob("*/*.p12")}
    assert modes == {0o600}


def test_a_wrong_passphrase_is_called_so(store: KeyStore, key_folder: Path):
    with pytest.raises(WrongPassphraseError, match="passphrase is wrong"):
        keys.open(key_folder, "another passphrase")


def test_an_empty_passphrase_is_refused(tmp_path: Path):
    with pytest.raises(KeysError, match="not empty"):
        keys.open(tmp_path, "", "Provider")


def test_a_provider_without_a_name_gets_no_keys(tmp_path: Path):
    with pytest.raises(KeysError, match="name"):
        keys.open(tmp_path, "secret", "  ")


def test_without_an_organisation_no_keys_are_made(tmp_path: Path):
    with pytest.raises(KeysMissingError):
        keys.open(tmp_path, "secret")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_key_file_is_named(cheap_keys, tmp_path: Path):
    keys.open(tmp_path, "secret", "Provider")
    (tmp_path / "current" / "seal.p12").unlink()
    with pytest.raises(KeysError, match=r"seal\.p12 is missing"):
        keys.open(tmp_path, "secret")


def test_starting_twice_at_once_makes_one_set_of_keys(cheap_keys, tmp_path: Path):
    with ThreadPoolExecutor(max_workers=6) as pool:
        stores = list(pool.map(lambda _: keys.open(tmp_path, "secret", "Provider"), range(6)))
    assert len({store.root.certificate.serial_number for store in stores}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_a_start_that_died_half_way_leaves_no_half_keys(cheap_keys, tmp_path: Path):
    (tmp_path / ".new-dead").mkdir()
    (tmp_path / ".new-dead" / "root.p12").write_bytes(b"")
    assert keys.open(tmp_path, "secret", "Provider").organisation == "Provider"


def test_key_files_are_protected_by_pbes2_with_600_000_rounds(store: KeyStore, key_folder: Path):
    content = (key_folder / "current" / "seal.p12").read_bytes()
    rounds = bytes.fromhex("02 03 09 27 c0")  # INTEGER 600000
    pbes2, aes_256_cbc = bytes.fromhex("2a864886f70d01050d"), bytes.fromhex("60864801650304012a")
    assert all(part in content for part in (rounds, pbes2, aes_256_cbc))


def test_all_keys_are_p_256(store: KeyStore):
    credentials = (store.root, store.customers, store.seal, store.timestamp)
    assert all(isinstance(item.key.curve, ec.SECP256R1) for item in credentials)


def test_every_certificate_is_issued_by_the_own_root(store: KeyStore):
    for credential in (store.customers, store.seal, store.timestamp):
        credential.certificate.verify_directly_issued_by(store.root.certificate)


def test_the_own_time_stamp_says_that_it_is_not_independent(store: KeyStore):
    certificate = store.timestamp.certificate
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    assert "not independent" in certificate.subject.rfc4514_string()


def test_the_organisation_stands_in_the_seal(store: KeyStore):
    assert f"O={store.organisation}" in store.seal.certificate.subject.rfc4514_string()


def test_facts_tell_when_to_renew(store: KeyStore):
    facts = {fact.role: fact for fact in keys.facts(store)}
    seal = facts[Role.SEAL]
    assert not seal.renewal_due
    with clock.frozen_at(seal.renew_from):
        assert {fact.role: fact for fact in keys.facts(store)}[Role.SEAL].renewal_due
    with clock.frozen_at(seal.not_after):
        assert {fact.role: fact for fact in keys.facts(store)}[Role.SEAL].expired


def test_a_renewed_seal_has_a_new_key_below_the_same_root(cheap_keys, tmp_path: Path):
    store = keys.open(tmp_path, "secret", "Provider")
    renewed = keys.renew_seal(store, "secret")
    assert renewed.root.certificate == store.root.certificate
    assert renewed.seal.certificate != store.seal.certificate
    assert keys.open(tmp_path, "secret").seal.certificate == renewed.seal.certificate


def test_the_revocation_list_is_fresh_and_by_the_customers_authority(store: KeyStore):
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        crl = x509.load_der_x509_crl(keys.issue_crl(store))
        assert crl.last_update_utc == clock.now().replace(microsecond=0)
    assert crl.is_signature_valid(store.customers.key.public_key())


def test_the_root_is_given_away_as_pem(store: KeyStore):
    assert x509.load_pem_x509_certificate(keys.root_pem(store)) == store.root.certificate


def test_the_opened_keys_cannot_be_exchanged(store: KeyStore):
    with pytest.raises(dataclasses.FrozenInstanceError):
        store.seal = store.root


@pytest.mark.parametrize("text", ["a" * 100, "श्री राम कुमार क्षत्रिय और बहुत लंबा नाम", "zażółć" * 20])
def test_a_long_name_is_cut_at_a_whole_character(text: str):
    short = certificates.shortened(text)
    assert text.startswith(short)
    assert 60 <= len(short.encode()) <= 64
