"""Documents, pictures and keys for these tests; built once, never changed."""

import functools
import io
import json
import struct
import zlib
from datetime import UTC, datetime

import pikepdf
import pillow_heif
from PIL import Image

from tasks.documents import qr, rendering, sealing, signing
from tasks.documents.keys import KeyStore
from tasks.documents.signing import SignedDocument

pillow_heif.register_heif_opener()

MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ORGANISATION = "Zakład Energetyczny Kraków"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>'
LETTER = """\
#import "/letter.typ": data, facts, letter, listing, note
#show: letter.with(
  provider: data.provider,
  logo: "/logo.svg",
  recipient: data.recipient,
  number: "7K3M-Q2XA-9",
  number-label: "Number",
  qr: "/qr.svg",
  qr-alt: "QR code",
)
#data.text
== Facts
#facts(data.facts)
== Items
#listing(("Item", "Sum"), data.rows)
#note[#data.text]
"""


def letter_data(**changes: object) -> dict[str, object]:
    return {
        "provider": {"name": ORGANISATION, "lines": ["ul. Źródlana 7"]},
        "recipient": ["Zażółć Gęślą-Jaźń", "ul. Długa 3"],
        "text": "Your request has been decided.",
        "facts": [["Customer", "Zażółć Gęślą-Jaźń"]],
        "rows": [["Meter", "₹ 1 250,00"]],
    } | changes


def letter(title: str = "Decision", lang: str = "en", **changes: object) -> bytes:
    data = letter_data(**changes)
    return rendering.render(
        LETTER,
        data,
        title=title,
        lang=lang,
        files={"logo.svg": LOGO, "qr.svg": qr.svg("https://example.org/v/7K3MQ2XA9")},
        attachments={"answers.json": json.dumps(data).encode()},
        moment=MOMENT,
    )


@functools.cache
def plain_letter() -> bytes:
    return letter()


def sealed(pdf: bytes, store: KeyStore, tsa_url: str | None = None) -> bytes:
    return sealing.seal(
        pdf, store, reason="Decision", location="Kraków", name=ORGANISATION, tsa_url=tsa_url
    )


def signed(
    pdf: bytes, store: KeyStore, stated_name: str = "Jan Kowalski", tsa_url: str | None = None
) -> SignedDocument:
    return signing.sign_once(
        pdf,
        store,
        stated_name=stated_name,
        assurance="phone ...1234 verified by code",
        request_number="7K3M-Q2XA-9",
        reason="Application",
        tsa_url=tsa_url,
    )


def picture(kind: str, size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    output = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.save(output, kind, **options)
    return output.getvalue()


def blank_pdf(pages: int = 1, **options: object) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        return saved(pdf, **options)


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    output = io.BytesIO()
    pdf.save(output, **options)
    return output.getvalue()


def swelling_pdf(megabytes: int) -> bytes:
    """A small PDF whose compressed objects unpack to many megabytes of blanks."""
    packer = zlib.compressobj(9)
    blanks = b" " * 2**20
    parts = [packer.compress(b"1 0 2 20 "), *(packer.compress(blanks) for _ in range(megabytes))]
    stream = b"".join(parts) + packer.flush()
    head = b"%PDF-1.5\n3 0 obj\n<</Type/ObjStm/N 2/First 10/Filter/FlateDecode/Length "
    start = head + b"%d>>stream\n" % len(stream) + stream + b"\nendstream\nendobj\n"
    rows = [(0, 0, 255), (2, 3, 0), (2, 3, 1), (1, 9, 0), (1, len(start), 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    xref = b"4 0 obj\n<</Type/XRef/Size 5/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(table)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)
    return start + xref + table + end
