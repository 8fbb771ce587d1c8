"""The page that tells anybody what a document is worth."""

import io
import zipfile
from uuid import uuid4

import pikepdf
import pytest
from sqlalchemy import func, select

from engine.cases import documents
from engine.store import Blob, Document, transaction
from tasks.documents import keys
from tests.integration.web import cases
from tests.unit.documents import builders
from web import verify

NAME = "Turnaround"


@pytest.fixture
def keystore(tmp_path):
    return keys.open(tmp_path / "keys", "the passphrase of the keys", NAME)


@pytest.fixture
def sealed(keystore):
    return builders.sealed(builders.plain_letter(), keystore)


@pytest.fixture
def stranger(app, keystore):
    """A browser of whoever it is; the limit of rates is tried by itself."""
    verify.limiter.enabled = False
    yield app.test_client()
    verify.limiter.enabled = True


@pytest.fixture
def issued(sessions, sealed):
    """The code on a proof that was issued for a case."""
    reference = uuid4()
    with transaction(sessions) as session:
        owner = {"request_id": cases.submitted(session).id, "media_type": "application/pdf"}
        kept = {"name": "statement.pdf", "idempotency_key": str(reference)}
        plain = documents.store(
            session, b"%PDF plain", kind=documents.Kind.STATEMENT, **kept, **owner
        )
        facts = {"sealed": str(plain.id)}
        documents.store(
            session, sealed, kind=documents.Kind.PROOF, name="p.pdf", facts=facts, **owner
        )
    return str(reference)


def checked(client, content, address="/verify", name="proof.pdf"):
    return client.post(address, data={"file": (io.BytesIO(content), name)}).text


def counted(sessions):
    with sessions() as session:
        rows = (select(func.count()).select_from(table) for table in (Blob, Document))
        return [session.scalar(row) for row in rows]


def test_an_issued_file_is_genuine(stranger, issued, sealed):
    page = checked(stranger, sealed)
    assert "Genuine: signed as stated below" in page
    assert "byte for byte a file we issued" in page
    assert "Seal of the organisation" in page


def test_a_changed_file_is_altered(stranger, issued, sealed):
    page = checked(stranger, sealed.replace(b"/Reason", b"/Raeson", 1))
    assert "Altered: the file was changed" in page
    assert "Genuine" not in page


def test_a_sealed_file_that_was_never_issued_is_doubtful(stranger, sealed):
    assert "we never issued this file" in checked(stranger, sealed)


def test_a_seal_of_somebody_with_our_name_is_not_ours(stranger, tmp_path):
    forger = keys.open(tmp_path / "forger", "another passphrase", NAME)
    page = checked(stranger, builders.sealed(builders.plain_letter(), forger))
    assert "Not ours" in page
    assert "not known to us" in page


def test_what_was_added_after_the_seal_is_altered(stranger, issued, sealed):
    with pikepdf.open(io.BytesIO(builders.blank_pdf())) as other:
        later = sealed + builders.saved(other)
    assert "Altered" in checked(stranger, later)


def zipped(content=b"x"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("proof.pdf", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped(), "Not a PDF."),
        (b"<svg><script>alert(1)</script></svg>", "Not a PDF."),
        (b"%PDF-1.7 nothing more", "Unreadable"),
        (builders.blank_pdf(), "Unsigned"),
        (builders.blank_pdf() + zipped(), "Unsigned"),
        (builders.swelling_pdf(200), "Un"),
    ],
    ids=["zip named .pdf", "SVG with script", "broken", "unsigned", "polyglot", "bomb"],
)
def test_hostile_files_get_a_verdict_in_words(stranger, content, says):
    page = checked(stranger, content)
    assert says in page
    assert "Genuine" not in page
    assert "<script>alert" not in page


def test_a_file_saved_anew_with_a_password_has_lost_its_seal(stranger, issued, sealed):
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        locked = builders.saved(opened, encryption=pikepdf.Encryption(owner="o", user="u"))
    page = checked(stranger, locked)
    assert "Genuine" not in page
    assert "Altered" in page or "Unreadable" in page


def test_a_file_above_the_limit_is_said_to_be_too_large(stranger, monkeypatch):
    monkeypatch.setattr(verify.verifying.verification, "MAX_BYTES", 1000)
    assert "Too large to be verified." in checked(stranger, b"%PDF-" + bytes(1000))


def test_nothing_of_the_file_is_kept(stranger, issued, sealed, sessions):
    before = counted(sessions)
    checked(stranger, sealed)
    checked(stranger, builders.blank_pdf())
    assert counted(sessions) == before


def test_the_code_on_a_proof_tells_what_we_issued_and_nobody_s_name(stranger, issued, sealed):
    page = stranger.get(f"/verify/{issued}").text
    assert "We issued a document with this code." in page
    assert verify.verifying.digest(sealed) in page
    assert "Sample" not in page


def test_a_file_is_compared_with_the_code_that_was_followed(stranger, issued, sealed, keystore):
    address = f"/verify/{issued}"
    assert "It is the document whose code you followed." in checked(stranger, sealed, address)
    other = builders.sealed(builders.letter(title="Another"), keystore)
    assert "It is not the document whose code" in checked(stranger, other, address)


def test_a_code_we_never_printed_is_said_to_be_unknown(stranger):
    answer = stranger.get(f"/verify/{uuid4()}")
    assert answer.status_code == 404
    assert "no document with this code" in answer.text


def test_a_name_cannot_bring_markup_to_the_page(stranger):
    page = checked(stranger, builders.blank_pdf(), name="<img src=x onerror=alert(1)>.pdf")
    assert "<img src=x" not in page


def test_without_a_file_the_page_says_what_to_do(stranger):
    answer = stranger.post("/verify", data={})
    assert answer.status_code == 422
    assert "Choose the PDF you want to check." in answer.text


def test_who_comes_when_all_places_are_taken_is_asked_to_try_again(stranger, monkeypatch):
    monkeypatch.setattr(verify, "PLACES", verify.BoundedSemaphore(1))
    verify.PLACES.acquire()
    file = {"file": (io.BytesIO(builders.blank_pdf()), "a.pdf")}
    answer = stranger.post("/verify", data=file)
    assert answer.status_code == 503
    assert "try again in a few seconds" in answer.text


def test_strangers_may_check_only_so_many_files(app, keystore):
    client = app.test_client()
    answers = [client.post("/verify", data={}).status_code for _ in range(7)]
    assert answers == [422] * 6 + [429]
