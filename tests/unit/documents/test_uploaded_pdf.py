import hashlib
import io
import random
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from tasks.documents import intake
from tasks.documents.errors import RejectedUploadError
from tasks.documents.keys import KeyStore
from tasks.documents.policy import Kind, Policy
from tests.unit.documents import builders


def made(change) -> bytes:
    """A PDF of one page, changed by the function before it is saved."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        return builders.saved(pdf)


def refusal(data: bytes, policy: Policy | None = None) -> RejectedUploadError:
    with pytest.raises(RejectedUploadError) as caught:
        intake.accept("file.pdf", data, policy or Policy())
    return caught.value


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def on_opening(pdf):
    pdf.Root.OpenAction = script()


def on_page(pdf):
    pdf.pages[0].obj.AA = Dictionary(O=script())


def in_names(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script()])))


def in_link(pdf):
    link = Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=script())
    pdf.pages[0].obj.Annots = Array([link])


def in_chain(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.GoTo, Next=Array([script()]))


def starting_a_program(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))


ACTIVE = [on_opening, on_page, in_names, in_link, in_chain, starting_a_program]


def test_a_plain_pdf_is_accepted_with_its_pages():
    accepted = intake.accept("a.pdf", builders.blank_pdf(3))
    assert (accepted.media_type, accepted.pages, accepted.signed) == (Kind.PDF, 3, False)
    assert accepted.sha256 == hashlib.sha256(accepted.data).hexdigest()


@pytest.mark.parametrize("change", ACTIVE, ids=lambda change: change.__name__)
def test_a_pdf_that_acts_is_refused_with_advice(change):
    error = refusal(made(change))
    assert error.reason == "active_content"
    assert "Print it to a new PDF" in str(error)


def test_a_script_in_a_compressed_object_is_found():
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.OpenAction = pdf.make_indirect(script())
        packed = builders.saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in packed
    assert refusal(packed).reason == "active_content"


def test_an_attached_file_is_taken_out():
    def attach(pdf):
        pdf.attachments["x.exe"] = b"MZ evil"

    accepted = intake.accept("a.pdf", made(attach))
    with pikepdf.open(io.BytesIO(accepted.data)) as pdf:
        assert not pdf.attachments
    assert accepted.changes == ("removed: another file inside",)


def test_a_form_that_sends_data_is_taken_out():
    def submit(pdf):
        action = Dictionary(S=Name.SubmitForm, F=String("https://example.org"))
        widget = Dictionary(Subtype=Name.Widget, Rect=[0, 0, 9, 9], FT=Name.Btn, A=action)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(widget)])
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[0]]))

    accepted = intake.accept("a.pdf", made(submit))
    assert b"SubmitForm" not in accepted.data
    assert accepted.changes == ("removed: a form that sends data",)


def test_what_was_filled_in_stays_visible():
    def fill(pdf):
        look = pdf.make_stream(b"BT (Kowalski) Tj ET", Type=Name.XObject, Subtype=Name.Form)
        look.BBox = Array([0, 0, 90, 9])
        widget = Dictionary(Subtype=Name.Widget, Rect=[0, 0, 90, 9], FT=Name.Tx, F=4)
        widget.T, widget.AP = String("name"), Dictionary(N=look)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(widget)])
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.pages[0].obj.Annots[0]]))

    accepted = intake.accept("a.pdf", made(fill))
    with pikepdf.open(io.BytesIO(accepted.data)) as pdf:
        assert "/AcroForm" not in pdf.Root
        forms = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        assert any(b"Kowalski" in item.read_bytes() for item in forms)


def test_metadata_is_left_behind():
    def describe(pdf):
        pdf.docinfo["/Author"] = "Secret Author"

    assert b"Secret Author" not in intake.accept("a.pdf", made(describe)).data


def test_a_second_file_behind_the_end_is_cut_off():
    accepted = intake.accept("a.pdf", builders.blank_pdf() + b"PK\x03\x04 a zip <script>")
    assert b"<script>" not in accepted.data


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_pdf_is_refused_with_advice(user: str):
    locked = builders.blank_pdf(encryption=pikepdf.Encryption(user=user, owner="owner"))
    error = refusal(locked)
    assert error.reason == "encrypted"
    assert "without" in str(error)


def test_too_many_pages_are_refused_with_both_numbers():
    error = refusal(builders.blank_pdf(6), Policy(max_pages=5))
    assert error.reason == "too_many_pages"
    assert "6 pages" in str(error)


def test_a_pdf_without_pages_is_refused():
    assert refusal(builders.blank_pdf(0)).reason == "unreadable"


@pytest.mark.parametrize("body", [b"", b"\n<html>", b"1.7\n" + b"\0" * 200])
def test_something_that_only_begins_like_a_pdf_is_refused(body: bytes):
    assert refusal(b"%PDF-" + body).reason == "unreadable"


def test_a_policy_may_refuse_every_pdf():
    error = refusal(builders.blank_pdf(), Policy(kinds=frozenset({Kind.JPEG})))
    assert error.reason == "type"


def test_deep_nesting_is_refused():
    def nest(pdf):
        inner = Dictionary()
        for _ in range(80):
            inner = Dictionary(A=inner)
        pdf.Root.Deep = inner

    assert refusal(made(nest)).reason == "too_complex"


@pytest.mark.parametrize("name", ["sealed", "signed", "both"])
def test_a_signed_pdf_is_kept_as_it_is(name: str, request: pytest.FixtureRequest):
    pdf = request.getfixturevalue(name)
    accepted = intake.accept("a.pdf", pdf)
    assert accepted.signed
    assert accepted.data == pdf


def test_a_signed_pdf_with_something_behind_its_end_is_refused(sealed: bytes):
    assert refusal(sealed + b"PK\x03\x04").reason == "unreadable"


def test_a_signed_pdf_that_acts_is_refused(store: KeyStore):
    assert refusal(builders.sealed(made(on_opening), store)).reason == "active_content"


def test_a_signed_pdf_with_a_program_inside_is_refused(store: KeyStore):
    def attach(pdf):
        pdf.attachments["x.exe"] = b"MZ evil"

    assert refusal(builders.sealed(made(attach), store)).reason == "active_content"


def test_the_same_upload_is_cleaned_to_the_same_bytes():
    data = builders.plain_letter()
    assert intake.accept("a", data).sha256 == intake.accept("b", data).sha256


def test_damaged_pdfs_are_refused_or_made_whole():
    dice = random.Random(3)
    good = builders.plain_letter()
    for _ in range(40):
        data = bytearray(good)
        for place in dice.sample(range(len(data)), 30):
            data[place] = dice.randrange(256)
        try:
            accepted = intake.accept("a.pdf", bytes(data))
        except RejectedUploadError:
            continue
        with pikepdf.open(io.BytesIO(accepted.data)) as pdf:
            assert len(pdf.pages) == accepted.pages


def test_a_pdf_that_would_swell_hurts_its_own_process_alone(monkeypatch):
    monkeypatch.setattr(intake, "TIMEOUT", timedelta(seconds=2))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(builders.swelling_pdf(400)).reason in ("unreadable", "too_complex")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert intake.accept("a.pdf", builders.blank_pdf()).pages == 1


def test_a_file_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(intake, "TIMEOUT", timedelta(microseconds=1))
    assert refusal(builders.blank_pdf()).reason == "too_complex"


def test_uploads_may_be_cleaned_in_several_threads():
    with ThreadPoolExecutor(max_workers=4) as pool:
        accepted = list(pool.map(lambda n: intake.accept("a", builders.blank_pdf(n)), range(1, 5)))
    assert [item.pages for item in accepted] == [1, 2, 3, 4]
