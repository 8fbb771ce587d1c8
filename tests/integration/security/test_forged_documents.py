"""What a forger adds to a genuine document must not be believed with it."""

import asyncio

import pytest
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.stamp import TextStampStyle

from tasks.documents import keys, rendering, sealing, signatures, timestamps, trust, verification
from tasks.documents.keys import KeyStore
from tasks.documents.report import Verdict
from tasks.documents.signatures import ClockedPdfSigner, LoadedKeySigner, Statement


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> KeyStore:
    """Another installation that calls itself what we are called."""
    return keys.open(tmp_path_factory.mktemp("stranger"), "another passphrase", "Turnaround")


@pytest.fixture(scope="module")
def sealed(keystore: KeyStore) -> bytes:
    plain = rendering.render("= Decision\nYour address is 12 Lake Road.", {}, title="A", lang="en")
    return sealing.seal(plain, keystore, reason="Decision", location="", name="Turnaround")


def overlaid(pdf: bytes, forger: KeyStore, words: str) -> bytes:
    """The document with the forger's signature, whose picture covers half the page."""
    stamper = timestamps.stamper(forger, None)
    statement = signatures._metadata(Statement("Approval", "Turnaround", "", ""))
    signer = ClockedPdfSigner(
        statement,
        LoadedKeySigner(forger.seal, forger.root),
        timestamper=stamper,
        new_field_spec=SigFieldSpec("Approval", box=(40, 300, 560, 800), on_page=0),
        stamp_style=TextStampStyle(stamp_text=words),
    )
    writer = signatures.writer(pdf)
    signing = signer.async_sign_pdf(writer, bytes_reserved=stamper.reserve)
    return bytes(asyncio.run(signing).getvalue())


def test_a_strangers_signature_laid_over_the_page_is_not_genuine(sealed, keystore, stranger):
    forged = overlaid(sealed, stranger, "Your address is 666 Other Road.")
    report = verification.verify(forged, trust.of(keystore))
    assert report.verdict is Verdict.ALTERED
    assert "after the last signature that we trust" in report.problems[0]


def test_what_we_add_ourselves_stays_genuine(sealed, keystore):
    twice = sealing.seal(sealed, keystore, reason="Copy", location="", name="Turnaround")
    report = verification.verify(twice, trust.of(keystore))
    assert report.verdict is Verdict.GENUINE
    assert report.problems == ()
