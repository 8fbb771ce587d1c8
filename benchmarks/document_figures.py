"""What rendering and sealing a document costs beside a bare signature."""

import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.result import Result, median_ms
from engine import clock
from tasks.documents import keys, rendering, sealing
from tasks.documents.certificates import Credential
from tests import builders

REPETITIONS = 15
DATA = {
    "provider": {"name": "Provider", "lines": ["1 High Street"]},
    "number": "7KQ4-M2ZX-P",
    "service": "Change of address",
    "recipient": ["Sample Customer"],
    "data": {"record": {"changed": [{"field": "name", "before": "A", "after": "B"}]}},
}


def measure() -> Iterator[Result]:
    """Milliseconds for one page rendered, and for one page sealed with a time stamp."""
    template = (builders.BUNDLE / "documents" / "statement.typ").read_text()

    def render() -> bytes:
        return rendering.render(template, DATA, title="Statement", lang="en", moment=clock.now())

    yield Result("render_document", median_ms(render, REPETITIONS), "ms", None, REPETITIONS)
    pdf = render()
    with tempfile.TemporaryDirectory() as folder:
        store = keys.open(Path(folder) / "keys", "bench", "Provider")
        sealed_ms = median_ms(
            lambda: sealing.seal(pdf, store, reason="bench", location="", name="bench"),
            REPETITIONS,
        )
        signer = _simple_signer(store.seal)
        bare_ms = median_ms(lambda: _bare(pdf, signer), REPETITIONS)
    yield Result("seal_document", sealed_ms, "ms", bare_ms, REPETITIONS, "bare pyHanko signature")


def _simple_signer(credential: Credential) -> signers.SimpleSigner:
    key = credential.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=credential.asn1,
        signing_key=PrivateKeyInfo.load(key),
        cert_registry=SimpleCertificateStore(),
    )


def _bare(pdf: bytes, signer: signers.SimpleSigner) -> None:
    metadata = PdfSignatureMetadata(field_name="Bare")
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=signer)
