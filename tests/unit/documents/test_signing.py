import asyncio
import hashlib
import io
from datetime import timedelta

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation, simulate_future_ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from engine import clock
from tasks.documents import verification
from tasks.documents.errors import SigningFailedError
from tasks.documents.keys import KeyStore
from tasks.documents.report import SignerRole, Verdict
from tasks.documents.trust import Trust
from tests.unit.documents import builders


def test_a_customers_signature_is_genuine(signed: bytes, own_trust: Trust):
    report = verification.verify(signed, own_trust)
    assert report.verdict is Verdict.GENUINE
    roles = [item.role for item in report.signatures]
    assert roles == [SignerRole.ONE_TIME_CUSTOMER, SignerRole.DOCUMENT_TIMESTAMP]


def test_the_signature_says_how_the_name_was_checked(signed: bytes, own_trust: Trust):
    signature = verification.verify(signed, own_trust).signatures[0]
    assert signature.signer == "Jan Kowalski"
    assert signature.assurance == "phone ...1234 verified by code"
    assert signature.organisation == ""


def test_the_facts_belong_to_the_signed_file(store: KeyStore):
    document = builders.signed(builders.plain_letter(), store)
    assert document.sha256 == hashlib.sha256(document.pdf).hexdigest()
    assert "7K3M-Q2XA-9" in document.subject
    assert document.certificate_ends - document.signed_at <= timedelta(minutes=15)


def test_every_signature_has_a_key_of_its_own(store: KeyStore):
    documents = [builders.signed(builders.plain_letter(), store) for _ in range(2)]
    certificates = [
        PdfFileReader(io.BytesIO(item.pdf)).embedded_regular_signatures[0].signer_cert
        for item in documents
    ]
    assert len({item.public_key.dump() for item in certificates}) == 2
    assert len({item.serial for item in documents}) == 2


def test_a_long_name_in_another_script_is_kept_in_full(store: KeyStore, own_trust: Trust):
    name = "श्री राम कुमार क्षत्रिय और बहुत लंबा नाम"
    pdf = builders.signed(builders.plain_letter(), store, stated_name=name).pdf
    assert verification.verify(pdf, own_trust).signatures[0].signer == name


@pytest.mark.parametrize("name", ["", "   "])
def test_nobody_cannot_sign(store: KeyStore, name: str):
    with pytest.raises(SigningFailedError, match="name"):
        builders.signed(builders.plain_letter(), store, stated_name=name)


def test_the_organisation_may_seal_what_the_customer_signed(both: bytes, own_trust: Trust):
    report = verification.verify(both, own_trust)
    assert report.verdict is Verdict.GENUINE
    assert [item.intact for item in report.signatures] == [True, True, True]
    assert report.signatures[-1].role is SignerRole.ORGANISATION_SEAL
    assert report.signatures[-1].covers_whole_file


def test_the_signature_holds_long_after_its_certificate_has_ended(both: bytes, own_trust: Trust):
    with clock.moved_by(timedelta(days=365 * 4)):
        assert verification.verify(both, own_trust).verdict is Verdict.GENUINE


def test_the_file_itself_proves_that_nothing_was_revoked(signed: bytes, store: KeyStore):
    signature = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures[0]
    result = asyncio.run(ades_lta_validation(signature, strict_policy(store)))
    assert result.ades_subindic == AdESPassed.OK


def test_the_file_itself_still_proves_it_ten_years_later(signed: bytes, store: KeyStore):
    signature = PdfFileReader(io.BytesIO(signed)).embedded_regular_signatures[0]
    later = clock.now() + timedelta(days=3650)
    result = asyncio.run(
        simulate_future_ades_lta_validation(signature, strict_policy(store), later)
    )
    assert result.ades_subindic == AdESPassed.OK


def strict_policy(store: KeyStore) -> PdfSignatureValidationSpec:
    """Demand proof that no certificate was revoked, from the file alone."""
    anchors = SimpleTrustManager.build([CertTrustAnchor(store.root.asn1)])
    policy = CertValidationPolicySpec(
        trust_manager=anchors, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    return PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
