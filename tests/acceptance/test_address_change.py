"""A change of address from the first page to the sealed proof and the feedback."""

import random
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from engine.lifecycle import DocumentState
from tasks.documents.report import SignerRole, Verdict
from tests import requirements
from tests.acceptance import files, signatures
from tests.acceptance.browsing import Browsing
from tests.acceptance.customer import Customer
from tests.acceptance.journey import NOTE, UNCLEAR, Journey
from tests.acceptance.mailbox import attached, link_in, text_of
from tests.acceptance.staff import Staff

VALID = "Signature is Valid."


@pytest.fixture(scope="module")
def journey(chromium, running):
    """The customer on a phone without scripts, executive and operator at desks with them."""
    with closing(Browsing(chromium, running.url)) as browsing:
        customer = Customer(browsing.phone(javascript=False), running)
        executive, operator = Staff(browsing.desk()), Staff(browsing.desk())
        executive.sign_in("executive")
        operator.sign_in("operator")
        yield Journey(customer, executive, operator).walk()


@pytest.fixture(params=["application", "proof"])
def signed(request, journey):
    """The file the customer signed, and the one the provider sealed."""
    return getattr(journey, request.param)


def test_a_wrong_answer_is_named_in_the_summary_and_at_its_field(customer):
    customer.begin()
    customer.fill_in()
    customer.page.get_by_label("PIN code").fill("4110")
    customer.go_on()
    summary = customer.page.get_by_role("alert")
    expect(summary).to_contain_text("PIN code: A PIN code has six digits.")
    field = customer.page.get_by_label("PIN code")
    expect(field).to_have_accessible_description("Error: A PIN code has six digits.")
    expect(field).to_have_value("4110")
    summary.get_by_role("link").click()
    expect(field).to_be_focused()
    field.fill("411038")
    customer.go_on()
    expect(customer.page.get_by_role("heading", name="Documents", level=1)).to_be_visible()


def test_photos_lose_what_they_say_of_the_place(customer):
    customer.begin()
    customer.fill_in()
    customer.go_on()
    assert files.says_where(files.jpeg()["buffer"])
    customer.upload("Proof of the new address", files.jpeg())
    customer.upload("Proof of identity", files.heic())
    for name in ("photo.jpg", "IMG_0042"):
        assert not files.says_where(customer.fetch(name))


def test_a_file_of_another_kind_is_refused_at_its_item(customer):
    customer.begin()
    customer.fill_in()
    customer.go_on()
    disguised = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90 no bill"}
    customer.upload("Proof of the new address", disguised)
    expect(customer.page.get_by_role("alert")).to_contain_text("bill.pdf")
    chooser = customer.page.get_by_label("Choose files: Proof of the new address")
    expect(chooser).to_have_attribute("aria-invalid", "true")


def test_the_check_page_shows_answers_and_files(journey):
    for words in (
        "Sample Customer",
        "12 Lake Road",
        "411038",
        "photo.jpg",
        "bill.pdf",
        "IMG_0042",
    ):
        assert words in journey.pages["check"]


def test_the_customer_reads_before_signing_what_the_signature_will_say(journey):
    said = journey.pages["sign"]
    assert "name as stated; phone" in said
    assert "verified by code" in said
    assert journey.customer.number in said


def test_the_receipt_names_number_and_due_moment(journey):
    request = journey.request()
    assert journey.customer.number in journey.pages["receipt"]
    assert datetime.fromisoformat(journey.due) == request.promised_at
    assert request.promised_at - request.submitted_at == timedelta(days=5)


def test_the_acknowledgement_brings_the_signed_application(journey):
    mail = journey.mails["acknowledged"]
    assert journey.customer.number in mail["Subject"]
    assert [content for _, content in attached(mail)] == [journey.application]


@pytest.mark.parametrize("channel", ["SMS", "WhatsApp"])
def test_the_phone_gets_messages_too(journey, channel):
    rows = journey.operator.page.get_by_role("row").filter(has_text=journey.customer.phone)
    assert rows.filter(has_text=channel).count() >= 3  # received, needed, done


def test_the_customer_reads_what_is_missing_and_why(journey):
    assert NOTE in text_of(journey.mails["needed"])
    for page in ("waiting", "supply"):
        assert "Proof of the new address" in journey.pages[page]
        assert UNCLEAR in journey.pages[page]
    assert "It is your turn" in journey.pages["waiting"]


def test_all_documents_are_accepted_in_the_end(journey):
    assert [row.state for row in journey.uploads()] == [DocumentState.ACCEPTED] * 4


def test_the_record_holds_the_new_address(journey):
    record = journey.record()
    assert record["address"]["line1"] == "12 Lake Road"
    assert record["address"]["pin"] == "411038"


def test_the_history_tells_who_did_what(journey):
    for words in ("The application was sent in", "Looked at photo.jpg", UNCLEAR, "resolved"):
        assert words in journey.pages["case"]


def test_the_mailed_proof_is_the_one_on_the_tracking_page(journey):
    assert "Your request is done" in journey.pages["done"]
    assert [content for _, content in attached(journey.mails["done"])] == [journey.proof]


def test_the_signed_application_speaks_for_the_customer(journey, tmp_path):
    report = signatures.own(journey.application, tmp_path)
    assert report.verdict is Verdict.GENUINE
    assert report.signatures[0].role is SignerRole.ONE_TIME_CUSTOMER


def test_the_proof_speaks_for_the_provider(journey, tmp_path):
    report = signatures.own(journey.proof, tmp_path)
    assert report.verdict is Verdict.GENUINE
    assert report.signatures[0].role is SignerRole.ORGANISATION_SEAL


def test_an_independent_program_finds_both_files_valid(signed, tmp_path):
    requirements.demand("pdfsig")
    assert signatures.independent(signed, tmp_path) == {VALID}


def test_a_byte_changed_under_the_signature_is_refused_by_both(signed, tmp_path):
    requirements.demand("pdfsig")
    for place in random.Random(3).sample(signatures.covered(signed), 6):
        changed = signatures.flipped(signed, place)
        assert signatures.own(changed, tmp_path).verdict is Verdict.ALTERED, place
        assert signatures.independent(changed, tmp_path) != {VALID}, place


def test_a_file_with_any_byte_changed_is_not_one_we_issued(signed, tmp_path):
    for place in random.Random(5).sample(range(len(signed)), 6):
        report = signatures.own(signatures.flipped(signed, place), tmp_path)
        assert report.issued_by_us is False
        assert report.verdict is not Verdict.GENUINE, place


def test_the_command_line_knows_a_file_that_was_issued(journey, product, tmp_path):
    (tmp_path / "proof.pdf").write_bytes(journey.proof)
    said = product.command("verify", str(tmp_path / "proof.pdf"))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "byte for byte a file we issued" in said.stdout


def test_the_command_line_refuses_a_changed_file(journey, product, tmp_path):
    changed = signatures.flipped(journey.proof, len(journey.proof) // 2)
    (tmp_path / "proof.pdf").write_bytes(changed)
    said = product.command("verify", str(tmp_path / "proof.pdf"))
    assert said.returncode == 1
    assert "not in the register of what we issued" in said.stdout


def test_feedback_is_given_once(journey):
    page = journey.customer.page
    link = link_in(journey.mails["feedback"], "/feedback/")
    page.goto(link)
    page.get_by_label("Very good").check()
    page.get_by_role("button", name="Send feedback").click()
    expect(page.get_by_role("heading", name="Thank you for your feedback")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name="Thank you for your feedback")).to_be_visible()
    expect(page.get_by_role("button", name="Send feedback")).to_have_count(0)
