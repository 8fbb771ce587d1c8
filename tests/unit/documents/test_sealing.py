import asyncio
import subprocess
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import clock
from tasks.documents import verification
from tasks.documents.errors import SigningFailedError
from tasks.documents.keys import KeyStore
from tasks.documents.report import SignerRole, Verdict
from tasks.documents.trust import Trust
from tests.requirements import demand
from tests.unit.documents import builders


def test_a_sealed_letter_is_genuine(sealed: bytes, own_trust: Trust):
    report = verification.verify(sealed, own_trust)
    assert report.verdict is Verdict.GENUINE
    assert [item.role for item in report.signatures] == [SignerRole.ORGANISATION_SEAL]


def test_a_seal_states_who_why_and_when(sealed: bytes, own_trust: Trust):
    seal = verification.verify(sealed, own_trust).signatures[0]
    assert (seal.organisation, seal.reason) == (builders.ORGANISATION, "Decision")
    assert seal.timestamp is not None
    assert seal.timestamp.own
    assert seal.timestamp.trusted


def test_a_seal_is_an_incremental_update(sealed: bytes):
    assert sealed.startswith(builders.plain_letter())


def test_the_time_in_a_seal_is_the_clock_of_the_product(store: KeyStore, own_trust: Trust):
    moment = datetime(2027, 5, 4, 3, 2, 1, tzinfo=UTC)
    with clock.frozen_at(moment):
        pdf = builders.sealed(builders.plain_letter(), store)
    with clock.frozen_at(moment + timedelta(days=1)):
        seal = verification.verify(pdf, own_trust).signatures[0]
    assert seal.claimed_at == moment
    assert seal.timestamp is not None
    assert seal.timestamp.at == moment


def test_sealing_twice_takes_a_second_field(sealed: bytes, store: KeyStore, own_trust: Trust):
    report = verification.verify(builders.sealed(sealed, store), own_trust)
    assert [item.field for item in report.signatures] == ["Seal", "Seal-2"]
    assert report.verdict is Verdict.GENUINE


def test_sealing_works_inside_a_running_loop(store: KeyStore, own_trust: Trust):
    async def inside() -> bytes:
        return builders.sealed(builders.plain_letter(), store)

    pdf = asyncio.run(inside())
    assert verification.verify(pdf, own_trust).verdict is Verdict.GENUINE


def test_many_threads_may_seal_at_once(store: KeyStore, own_trust: Trust):
    with ThreadPoolExecutor(max_workers=4) as pool:
        pdfs = list(pool.map(lambda _: builders.sealed(builders.plain_letter(), store), range(4)))
    assert {verification.verify(pdf, own_trust).verdict for pdf in pdfs} == {Verdict.GENUINE}


def test_sealing_leaves_no_warning_behind(store: KeyStore):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        builders.sealed(builders.plain_letter(), store)


@pytest.mark.parametrize("junk", [b"", b"hello", b"%PDF-1.7\nnothing more"])
def test_what_is_no_pdf_cannot_be_sealed(store: KeyStore, junk: bytes):
    with pytest.raises(SigningFailedError):
        builders.sealed(junk, store)


def test_a_password_protected_pdf_cannot_be_sealed(store: KeyStore):
    import pikepdf

    locked = builders.blank_pdf(encryption=pikepdf.Encryption(user="u", owner="o"))
    with pytest.raises(SigningFailedError):
        builders.sealed(locked, store)


@pytest.mark.parametrize("name", ["sealed", "signed", "both"])
def test_an_independent_program_finds_the_signatures_valid(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
):
    demand("pdfsig")
    (tmp_path / "a.pdf").write_bytes(request.getfixturevalue(name))
    answer = subprocess.run(
        ["pdfsig", "-nocert", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False
    ).stdout
    valid = answer.count("Signature Validation: Signature is Valid.")
    assert valid == {"sealed": 1, "signed": 1, "both": 2}[name], answer
