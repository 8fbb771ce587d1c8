"""The installation's keys: made once at first start, opened once, kept parsed.

The folder's `current` appears whole or not at all: whoever starts first makes the keys beside
it and renames them into place; whoever comes second finds the name taken and opens those.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, pkcs12

from engine import clock
from tasks.documents import certificates
from tasks.documents.certificates import Credential, Role
from tasks.documents.errors import KeysError, KeysMissingError, WrongPassphraseError
from tasks.documents.trust import CURRENT, ROOT_FILE

KDF_ROUNDS = 600_000
"""PBES2 with PBKDF2-HMAC-SHA-256; about 0.4 s to open, so a guess costs as much."""
LIFETIMES = {
    Role.ROOT: timedelta(days=365 * 25),
    Role.CUSTOMERS: timedelta(days=365 * 20),
    Role.TIMESTAMP: timedelta(days=365 * 15),
    Role.SEAL: timedelta(days=365 * 5),
}
RENEW_BEFORE = timedelta(days=90)


@dataclass(frozen=True)
class KeyStore:
    """The opened keys. Immutable, so that any number of threads may sign with them."""

    folder: Path
    root: Credential
    customers: Credential
    seal: Credential
    timestamp: Credential

    @property
    def organisation(self) -> str:
        """The organisation's name as its certificates state it."""
        oid = x509.oid.NameOID.ORGANIZATION_NAME
        return str(self.root.certificate.subject.get_attributes_for_oid(oid)[0].value)


@dataclass(frozen=True)
class CertificateFacts:
    """What an operator wants to know of a certificate."""

    role: Role
    subject: str
    serial: str
    not_before: datetime
    not_after: datetime
    renew_from: datetime
    expired: bool
    renewal_due: bool


def open(folder: Path, passphrase: str, organisation: str | None = None) -> KeyStore:  # noqa: A001 -- read as keys.open
    """Open the keys below `folder`; make them first if `organisation` is named and none exist.

    Raises KeysMissingError, WrongPassphraseError, or KeysError for an empty passphrase.
    """
    if not passphrase:
        raise KeysError("The signing keys need a passphrase that is not empty.")
    if not (folder / CURRENT).is_dir():
        if organisation is None:
            raise KeysMissingError(folder=str(folder))
        if not organisation.strip():
            raise KeysError("The signing keys need the provider's name.")
        _make(folder, passphrase, organisation)
    return _load(folder, passphrase)


def facts(store: KeyStore) -> tuple[CertificateFacts, ...]:
    """The validity and renewal dates of every long-lived certificate."""
    return tuple(_facts(role, credential) for role, credential in _credentials(store).items())


def exposed_files(folder: Path) -> tuple[Path, ...]:
    """The files and folders of the keys that other accounts of the machine could read."""
    paths = [folder, *folder.rglob("*")]
    return tuple(path for path in paths if path.stat().st_mode & 0o077)


def issue_crl(store: KeyStore) -> bytes:
    """Issue the customers' authority's revocation list, DER, dated now."""
    return certificates.new_crl(store.customers, clock.now())


def root_pem(store: KeyStore) -> bytes:
    """The root certificate to hand to whoever wants to verify our documents."""
    return store.root.certificate.public_bytes(Encoding.PEM)


def renew_seal(store: KeyStore, passphrase: str) -> KeyStore:
    """Replace the seal by a new key below the same root, so that older seals stay verifiable.

    Raises WrongPassphraseError unless the passphrase opens the present keys.
    """
    _load(store.folder, passphrase)
    seal = certificates.new_seal(store.root, store.organisation, LIFETIMES[Role.SEAL])
    target = _file(store.folder / CURRENT, Role.SEAL)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    _write(fresh, _sealed_file(seal, Role.SEAL, passphrase))
    fresh.rename(target)
    return _load(store.folder, passphrase)


def _make(folder: Path, passphrase: str, organisation: str) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        for role, credential in _new_credentials(organisation).items():
            _write(_file(fresh, role), _sealed_file(credential, role, passphrase))
            if role is Role.ROOT:
                _write(fresh / ROOT_FILE, credential.certificate.public_bytes(Encoding.PEM))
        _put_in_place(fresh, folder / CURRENT)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    """Rename a folder; that somebody else's already stands there is as good."""
    try:
        fresh.rename(target)
    except OSError:
        if not _file(target, Role.ROOT).is_file():
            raise


def _new_credentials(organisation: str) -> dict[Role, Credential]:
    root = certificates.new_root(organisation, LIFETIMES[Role.ROOT])
    customers = certificates.new_authority(
        root, organisation, "one-time signatures of customers", LIFETIMES[Role.CUSTOMERS]
    )
    seal = certificates.new_seal(root, organisation, LIFETIMES[Role.SEAL])
    stamp = certificates.new_timestamp(root, organisation, LIFETIMES[Role.TIMESTAMP])
    return {Role.ROOT: root, Role.CUSTOMERS: customers, Role.SEAL: seal, Role.TIMESTAMP: stamp}


def _sealed_file(credential: Credential, role: Role, passphrase: str) -> bytes:
    protection = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(KDF_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(passphrase.encode())
    )
    return pkcs12.serialize_key_and_certificates(
        role.encode(), credential.key, credential.certificate, None, protection
    )


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _load(folder: Path, passphrase: str) -> KeyStore:
    current = folder / CURRENT
    return KeyStore(
        folder=folder,
        root=_open_file(_file(current, Role.ROOT), passphrase),
        customers=_open_file(_file(current, Role.CUSTOMERS), passphrase),
        seal=_open_file(_file(current, Role.SEAL), passphrase),
        timestamp=_open_file(_file(current, Role.TIMESTAMP), passphrase),
    )


def _open_file(path: Path, passphrase: str) -> Credential:
    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(
            path.read_bytes(), passphrase.encode()
        )
    except FileNotFoundError as error:
        raise KeysError(f"The key file {path} is missing.", file=str(path)) from error
    except ValueError as error:
        raise WrongPassphraseError(file=str(path)) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or certificate is None:
        raise KeysError(f"{path} does not hold a P-256 key with its certificate.")
    return Credential(key, certificate)


def _file(folder: Path, role: Role) -> Path:
    return folder / f"{role}.p12"


def _credentials(store: KeyStore) -> dict[Role, Credential]:
    return {
        Role.ROOT: store.root,
        Role.CUSTOMERS: store.customers,
        Role.SEAL: store.seal,
        Role.TIMESTAMP: store.timestamp,
    }


def _facts(role: Role, credential: Credential) -> CertificateFacts:
    certificate = credential.certificate
    end = certificate.not_valid_after_utc
    return CertificateFacts(
        role=role,
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=end,
        renew_from=end - RENEW_BEFORE,
        expired=clock.now() >= end,
        renewal_due=clock.now() >= end - RENEW_BEFORE,
    )
