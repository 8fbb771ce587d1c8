"""Certificates of the installation: who may issue, seal, stamp time or sign once.

Every certificate says by a policy of its own what it is for; the verifier reads the role there.
All keys are P-256: every common verifier reads them, which is not true of Ed25519.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine import clock

BACKDATED = timedelta(minutes=5)
"""Certificates begin a little in the past, for verifiers whose clocks are slow."""
CRL_LIFETIME = timedelta(days=7)
COMMON_NAME_BYTES = 64
FULL_NAME = x509.ObjectIdentifier("2.5.4.41")


class Role(StrEnum):
    """What a certificate of the installation is for."""

    ROOT = "root"
    CUSTOMERS = "customers"  # Issues the one-time certificates of customers.
    SEAL = "seal"
    TIMESTAMP = "timestamp"
    ONE_TIME = "one-time"


POLICIES = {
    # Object identifiers below 2.25 (ITU-T X.667) are made from UUIDs and need no registration.
    Role.SEAL: x509.ObjectIdentifier("2.25.219263044871653219094510836253917462817"),
    Role.TIMESTAMP: x509.ObjectIdentifier("2.25.80164230597746138222390715548216630945"),
    Role.ONE_TIME: x509.ObjectIdentifier("2.25.156902385507411926874335190862247735103"),
}


@dataclass(frozen=True)
class Credential:
    """A private key with its certificate, parsed once and kept."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def asn1(self) -> asn1.Certificate:
        """The certificate in the form that pyHanko reads."""
        return as_asn1(self.certificate)


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """Translate a certificate into the form that pyHanko reads."""
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def new_root(organisation: str, lifetime: timedelta) -> Credential:
    """Make the installation's own root, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = organisation_name(organisation, "root certificate")
    builder = _builder(subject, subject, key.public_key(), clock.now() + lifetime)
    builder = _as_authority(builder, path_length=1)
    return Credential(key, _sign(builder, key, key))


def new_authority(
    root: Credential, organisation: str, title: str, lifetime: timedelta
) -> Credential:
    """Make an authority below the root that issues end certificates only."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = organisation_name(organisation, title)
    builder = _builder(subject, root.certificate.subject, key.public_key(), _end(root, lifetime))
    return Credential(key, _sign(_as_authority(builder, path_length=0), key, root.key))


def new_seal(root: Credential, organisation: str, lifetime: timedelta) -> Credential:
    """Make the key and certificate by which the organisation seals documents."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = organisation_name(organisation, "document seal")
    builder = _builder(subject, root.certificate.subject, key.public_key(), _end(root, lifetime))
    builder = _as_end(builder, Role.SEAL, "Seal of the organisation named as subject.")
    return Credential(key, _sign(builder, key, root.key))


def new_timestamp(root: Credential, organisation: str, lifetime: timedelta) -> Credential:
    """Make the installation's own time stamp, labelled as not independent (RFC 3161, 2.3)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = organisation_name(organisation, "own time stamp, not independent")
    builder = _builder(subject, root.certificate.subject, key.public_key(), _end(root, lifetime))
    builder = _as_end(builder, Role.TIMESTAMP, "Time as told by the organisation's own clock.")
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return Credential(key, _sign(builder.add_extension(usage, critical=True), key, root.key))


def new_one_time(
    issuer: Credential, subject: x509.Name, statement: str, lifetime: timedelta
) -> Credential:
    """Make a fresh key certified for a few minutes; the caller uses it once and drops it."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(
        subject, issuer.certificate.subject, key.public_key(), _end(issuer, lifetime)
    )
    return Credential(key, _sign(_as_end(builder, Role.ONE_TIME, statement), key, issuer.key))


def new_crl(issuer: Credential, moment: datetime) -> bytes:
    """Issue a fresh, empty revocation list in DER: nothing of ours is ever revoked on-line.

    It must not be older than the signature it supports, or that cannot be proven years later.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(moment)
        .next_update(moment + CRL_LIFETIME)
        .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
        .add_extension(_authority_key(issuer.key), critical=False)
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def new_status(certificate: x509.Certificate, issuer: Credential, moment: datetime) -> bytes:
    """State in DER, as the issuer, that the certificate is good at the moment (RFC 6960)."""
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303 -- only names the issuer; RFC 5019 demands it
            cert_status=ocsp.OCSPCertStatus.GOOD,
            this_update=moment,
            next_update=moment + CRL_LIFETIME,
            revocation_time=None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def organisation_name(organisation: str, title: str) -> x509.Name:
    """The subject of a certificate that belongs to the organisation."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, title.capitalize()),
            x509.NameAttribute(NameOID.COMMON_NAME, shortened(f"{organisation} {title}")),
        ]
    )


def shortened(text: str, limit: int = COMMON_NAME_BYTES) -> str:
    """Cut text at a whole character so that its UTF-8 form has at most `limit` bytes."""
    return text.encode()[:limit].decode(errors="ignore").strip()


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: ec.EllipticCurvePublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() - BACKDATED)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _end(issuer: Credential, lifetime: timedelta) -> datetime:
    return min(clock.now() + lifetime, issuer.certificate.not_valid_after_utc)


def _as_authority(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _usage(sign_certificates=True)
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _as_end(
    builder: x509.CertificateBuilder, role: Role, statement: str
) -> x509.CertificateBuilder:
    notice = x509.UserNotice(None, shortened(statement, 200))
    policies = x509.CertificatePolicies([x509.PolicyInformation(POLICIES[role], [notice])])
    usage = _usage(sign_certificates=False, commit=role is not Role.TIMESTAMP)
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(policies, critical=False)
    )


def _usage(*, sign_certificates: bool, commit: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=commit,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _sign(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    if key is not issuer_key:
        builder = builder.add_extension(_authority_key(issuer_key), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
