import io
import json
import random
import re
from datetime import timedelta

import pikepdf
import pytest

from tasks.documents import keys, signatures, trust, verification
from tasks.documents.errors import KeysError
from tasks.documents.keys import KeyStore
from tasks.documents.report import SignerRole, Verdict
from tasks.documents.trust import Trust
from tests.unit.documents import builders

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)")
BAD = {Verdict.ALTERED, Verdict.NOT_A_PDF, Verdict.UNREADABLE}


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    return keys.open(tmp_path_factory.mktemp("stranger"), "passphrase", builders.ORGANISATION)


def flipped(pdf: bytes, place: int) -> bytes:
    return pdf[:place] + bytes([pdf[place] ^ 0x01]) + pdf[place + 1 :]


def gap(pdf: bytes) -> range:
    """The room of the last signature's /Contents, which its ByteRange leaves out."""
    _, first, second, _ = (int(number) for number in RANGE.findall(pdf)[-1])
    return range(first, second)


@pytest.mark.parametrize("name", ["sealed", "signed", "both"])
def test_no_byte_under_a_signature_can_change_unnoticed(
    name: str, request: pytest.FixtureRequest, own_trust: Trust
):
    pdf = request.getfixturevalue(name)
    places = [place for place in range(len(pdf)) if place not in gap(pdf)]
    for place in random.Random(7).sample(places, 12):
        verdict = verification.verify(flipped(pdf, place), own_trust).verdict
        assert verdict is Verdict.ALTERED, f"byte {place}: {verdict}"


def test_no_byte_of_the_file_can_change_unnoticed_by_the_register(both: bytes, own_trust: Trust):
    issued = verification.verify(both, own_trust).sha256
    for place in random.Random(11).sample(range(len(both)), 10):
        report = verification.verify(
            flipped(both, place), own_trust, issued_sha256=lambda digest: digest == issued
        )
        assert report.verdict is not Verdict.GENUINE
        assert report.issued_by_us is False


def test_every_byte_of_the_header_and_the_end_counts(sealed: bytes, own_trust: Trust):
    for place in (*range(12), *range(len(sealed) - 12, len(sealed))):
        assert verification.verify(flipped(sealed, place), own_trust).verdict is Verdict.ALTERED


def test_the_padding_behind_a_signature_must_be_zeros(sealed: bytes, own_trust: Trust):
    place = gap(sealed)[-10]
    assert sealed[place : place + 1] == b"0"
    changed = sealed[:place] + b"7" + sealed[place + 1 :]
    assert verification.verify(changed, own_trust).verdict is Verdict.ALTERED


@pytest.mark.parametrize("junk", [b"\n", b"\0", b"%PDF-1.7", b"PK\x03\x04" * 10])
def test_bytes_behind_the_end_are_noticed(sealed: bytes, own_trust: Trust, junk: bytes):
    report = verification.verify(sealed + junk, own_trust)
    assert report.verdict is Verdict.ALTERED
    assert any("added" in problem for problem in report.problems)


def test_a_changed_page_in_a_later_revision_is_noticed(sealed: bytes, own_trust: Trust):
    writer = signatures.writer(sealed)
    writer.root["/Pages"]["/Kids"][0]["/Rotate"] = signatures_number(90)
    writer.update_container(writer.root["/Pages"]["/Kids"][0])
    output = io.BytesIO()
    writer.write(output)
    assert verification.verify(output.getvalue(), own_trust).verdict is Verdict.ALTERED


def signatures_number(value: int) -> object:
    from pyhanko.pdf_utils.generic import NumberObject

    return NumberObject(value)


def test_a_file_saved_anew_is_altered(sealed: bytes, own_trust: Trust):
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        again = builders.saved(pdf)
    assert verification.verify(again, own_trust).verdict is Verdict.ALTERED


def test_zeroed_contents_are_an_altered_file(sealed: bytes, own_trust: Trust):
    room = gap(sealed)
    zeroed = sealed[: room.start + 1] + b"0" * (len(room) - 2) + sealed[room.stop - 1 :]
    assert verification.verify(zeroed, own_trust).verdict is Verdict.ALTERED


def test_an_earlier_revision_alone_is_unsigned(own_trust: Trust):
    report = verification.verify(builders.plain_letter(), own_trust)
    assert report.verdict is Verdict.UNSIGNED
    assert report.signatures == ()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_not_genuine(sealed: bytes, own_trust: Trust, share: float):
    cut = sealed[: int(len(sealed) * share)]
    assert verification.verify(cut, own_trust).verdict in BAD


@pytest.mark.parametrize("junk", [b"", b"hello", b"\xff\xd8\xff", b"<html>", b"PK\x03\x04"])
def test_what_is_no_pdf_is_called_so(own_trust: Trust, junk: bytes):
    assert verification.verify(junk, own_trust).verdict is Verdict.NOT_A_PDF


def test_a_broken_pdf_without_signature_is_unreadable(own_trust: Trust):
    assert verification.verify(b"%PDF-1.7\n junk", own_trust).verdict is Verdict.UNREADABLE


def test_a_file_over_the_limit_is_not_read(own_trust: Trust):
    huge = b"%PDF-" + bytes(verification.MAX_BYTES)
    assert verification.verify(huge, own_trust).verdict is Verdict.TOO_LARGE


def test_a_stranger_with_our_name_is_not_us(stranger: KeyStore, own_trust: Trust):
    pdf = builders.sealed(builders.plain_letter(), stranger)
    report = verification.verify(pdf, own_trust)
    assert report.verdict is Verdict.NOT_OURS
    assert report.signatures[0].role is SignerRole.UNKNOWN
    assert report.signatures[0].intact


def test_a_strangers_one_time_certificate_states_no_assurance(
    stranger: KeyStore, own_trust: Trust
):
    pdf = builders.signed(builders.plain_letter(), stranger).pdf
    assert verification.verify(pdf, own_trust).signatures[0].assurance == ""


def test_a_further_signature_by_a_stranger_is_shown_as_unknown(
    sealed: bytes, stranger: KeyStore, own_trust: Trust
):
    report = verification.verify(builders.sealed(sealed, stranger), own_trust)
    roles = [item.role for item in report.signatures]
    assert roles == [SignerRole.ORGANISATION_SEAL, SignerRole.UNKNOWN]
    assert [item.trusted for item in report.signatures] == [True, False]


def test_another_key_than_the_certificates_is_noticed(store: KeyStore, own_trust: Trust):
    from dataclasses import replace

    other = replace(store.seal, key=store.root.key)
    pdf = builders.sealed(builders.plain_letter(), replace(store, seal=other))
    assert verification.verify(pdf, own_trust).verdict is Verdict.ALTERED


def test_a_file_that_is_registered_is_said_to_be_issued(sealed: bytes, own_trust: Trust):
    report = verification.verify(sealed, own_trust, issued_sha256=lambda _: True)
    assert (report.verdict, report.issued_by_us) == (Verdict.GENUINE, True)


def test_a_genuine_seal_on_an_unregistered_file_is_doubtful(sealed: bytes, own_trust: Trust):
    report = verification.verify(sealed, own_trust, issued_sha256=lambda _: False)
    assert report.verdict is Verdict.NOT_THE_ISSUED_FILE


def test_the_public_root_is_enough_to_verify(sealed: bytes, store: KeyStore):
    public = trust.from_pem(keys.root_pem(store))
    assert verification.verify(sealed, public).verdict is Verdict.GENUINE


@pytest.mark.parametrize(
    "text", [b"", b"-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----"]
)
def test_a_broken_root_is_refused(text: bytes):
    with pytest.raises(KeysError):
        trust.from_pem(text)


def test_the_report_reads_as_text(both: bytes, own_trust: Trust):
    text = verification.as_text(verification.verify(both, own_trust))
    assert text.startswith("Genuine")
    assert "Identity: phone ...1234 verified by code" in text
    assert "own clock" in text


def test_the_report_reads_as_json(both: bytes, own_trust: Trust):
    report = json.loads(verification.as_json(verification.verify(both, own_trust)))
    assert report["verdict"] == "genuine"
    assert report["signatures"][0]["timestamp"]["own"] is True


def test_random_bytes_never_break_the_verifier(both: bytes, own_trust: Trust):
    dice = random.Random(23)
    for _ in range(10):
        changed = bytearray(both)
        for place in dice.sample(range(len(both)), 40):
            changed[place] = dice.randrange(256)
        assert verification.verify(bytes(changed), own_trust).verdict is not Verdict.GENUINE


def test_a_file_that_takes_too_long_is_not_genuine(sealed: bytes, own_trust: Trust, monkeypatch):
    monkeypatch.setattr(verification, "TIMEOUT", timedelta(microseconds=1))
    assert verification.verify(sealed, own_trust).verdict is Verdict.ALTERED


def test_a_pdf_that_would_swell_hurts_its_own_process_alone(own_trust: Trust, monkeypatch):
    monkeypatch.setattr(verification, "TIMEOUT", timedelta(seconds=2))
    swelling = builders.swelling_pdf(400)
    assert verification.verify(swelling, own_trust).verdict in BAD
    assert verification.verify(builders.plain_letter(), own_trust).verdict is Verdict.UNSIGNED
