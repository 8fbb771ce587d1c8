import io
from datetime import timedelta
from threading import BoundedSemaphore

import pytest
from sqlalchemy import select

from engine.definitions import offers
from engine.store import Document, Draft, ServiceRequest, transaction
from tasks.documents import intake
from tests.integration.portal.browser import photo


def draft(sessions) -> Draft:
    with sessions() as session:
        return session.scalars(select(Draft)).one()


def test_the_start_page_offers_each_service_with_its_promise(customer):
    page = customer.get("/")
    assert "Moving house" in page.text
    assert "Done within 5 days" in page.text


def test_the_service_says_before_what_files_are_accepted(customer):
    page = customer.get("/apply/moving")
    assert "PDF, JPEG, PNG, up to 195 kB" in page.text


def test_reading_about_a_service_begins_nothing(customer, sessions):
    customer.get("/apply/moving")
    with sessions() as session:
        assert session.scalar(select(Draft)) is None


def test_an_unknown_service_is_not_found(customer):
    assert customer.get("/apply/nothing").status_code == 404
    assert customer.post("/apply/nothing").status_code == 404


def test_beginning_sets_a_cookie_that_scripts_cannot_read(customer):
    response = customer.post("/apply/moving")
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("draft=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_start_page_leads_back_to_an_unfinished_application(customer):
    customer.begin()
    assert "Go on with it" in customer.get("/").text


def test_without_a_cookie_there_is_no_draft(customer):
    for page in ("form", "documents", "check", "consent", "identity", "sign", "receipt"):
        response = customer.get(f"/draft/{page}")
        assert response.status_code == 404, page
        assert "No application is open here" in response.text


def test_answers_are_kept_even_if_some_are_wrong(customer, sessions):
    customer.begin()
    response = customer.fill_in(email="nobody")
    assert response.status_code == 422
    assert draft(sessions).answers["full_name"] == "Sample Customer"


def test_a_wrong_answer_is_named_at_the_field_and_in_the_summary(customer):
    customer.begin()
    page = customer.fill_in(email="nobody").text
    assert 'href="#f-email"' in page
    assert 'id="f-email-error"' in page
    assert 'value="nobody"' in page
    assert "<title>Error: " in page


def test_only_the_questions_of_the_form_are_kept(customer, sessions):
    customer.begin()
    customer.fill_in(number="AAAAAAAAA", state="submitted", csrf_token="x")
    assert set(draft(sessions).answers) == {
        "full_name",
        "email",
        "phone",
        "address",
        "reason",
        "photo",
    }


def test_a_file_asked_for_in_the_form_is_kept_and_answered_by_its_name(customer, sessions):
    customer.begin()
    file = (io.BytesIO(photo()), "house.jpg")
    assert customer.fill_in(photo=file).status_code == 303
    with sessions() as session:
        assert session.scalars(select(Document)).one().item == "form.photo"
    assert draft(sessions).answers["photo"] == ["house.jpg"]
    customer.send_documents()
    assert "house.jpg" in customer.get("/draft/check").text


def test_a_new_file_in_the_form_replaces_the_one_before(customer, sessions):
    customer.begin()
    for colour in ("red", "blue"):
        customer.fill_in(photo=(io.BytesIO(photo(colour)), f"{colour}.jpg"))
    with sessions() as session:
        assert [kept.name for kept in session.scalars(select(Document))] == ["blue.jpg"]
    assert customer.fill_in().status_code == 303
    assert draft(sessions).answers["photo"] == ["blue.jpg"]


def test_a_file_in_the_form_that_is_refused_says_so_at_its_question(customer):
    customer.begin()
    response = customer.fill_in(photo=(io.BytesIO(b"MZ"), "house.exe"))
    assert response.status_code == 422
    assert 'id="f-photo-error"' in response.text
    assert "house.exe: " in response.text


def test_a_refresh_shows_the_question_that_an_answer_leads_to(customer):
    customer.begin()
    data = {"reason": "other"}
    response = customer.client.post(
        "/draft/form?refresh=1", data=data, headers={"HX-Request": "true"}
    )
    assert "Which reason?" in response.text
    assert "<html" not in response.text
    assert "There is a problem" not in response.text


def test_without_scripts_a_button_refreshes_the_whole_page(customer):
    customer.begin()
    response = customer.fill_in(reason="other", _refresh="1")
    assert "Which reason?" in response.text
    assert "<html" in response.text


def test_steps_cannot_be_skipped(customer):
    customer.begin()
    assert customer.get("/draft/sign").location == "/draft/form"
    customer.fill_in()
    assert customer.get("/draft/consent").location == "/draft/documents"
    assert customer.sign().location == "/draft/documents"


def test_going_on_leads_to_the_first_step_that_is_open(customer):
    customer.begin()
    assert customer.get("/draft").location == "/draft/form"
    customer.fill_in()
    assert customer.get("/draft").location == "/draft/documents"


def test_a_photo_is_taken_in_under_a_safe_name(customer, sessions):
    customer.begin()
    customer.fill_in()
    assert customer.upload("lease", name='../<b>"x".png').status_code == 303
    page = customer.get("/draft/documents").text
    assert "<b>" not in page
    with sessions() as session:
        kept = session.scalars(select(Document)).one()
        assert (kept.media_type, kept.item) == ("image/jpeg", "lease")
        assert "/" not in kept.name
        assert len(kept.facts["received_sha256"]) == 64


def test_several_files_are_sent_at_once(customer, sessions):
    customer.begin()
    customer.fill_in()
    files = [(io.BytesIO(photo(colour)), f"{colour}.jpg") for colour in ("red", "blue")]
    customer.client.post("/draft/documents", data={"file.lease": files, "upload": "1"})
    with sessions() as session:
        assert len(session.scalars(select(Document)).all()) == 2


def test_one_file_too_many_is_refused_with_its_name(customer):
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    customer.upload("lease")
    response = customer.upload("lease", name="third.jpg")
    assert response.status_code == 422
    assert "third.jpg: no more than 2 files fit here" in response.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ\x90\x00 not a picture", "letter.exe: "),
        (b"", "This file is empty"),
        (b"\xff" * 200_001, "larger than"),
    ],
)
def test_a_file_that_is_not_accepted_says_why(customer, content, words):
    customer.begin()
    customer.fill_in()
    response = customer.upload("lease", content, "letter.exe")
    assert response.status_code == 422
    assert words in response.text


def test_files_chosen_are_kept_when_pressing_continue_at_once(customer):
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    file = (io.BytesIO(photo()), "passport.jpg")
    response = customer.client.post(
        "/draft/documents", data={"file.passport": file, "continue": "1"}
    )
    assert response.location == "/draft/check"


def test_missing_documents_are_named(customer):
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    response = customer.go_on_from_documents()
    assert response.status_code == 422
    assert "Passport: Add a document here." in response.text
    assert "Lease: Add" not in response.text


def test_an_upload_can_be_removed(customer, sessions):
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    with sessions() as session:
        kept = session.scalars(select(Document.id)).one()
    assert customer.post("/draft/documents", remove=str(kept)).status_code == 303
    with sessions() as session:
        assert session.scalar(select(Document)) is None


def test_check_shows_every_answer_with_a_way_to_change_it(customer):
    customer.begin()
    customer.fill_in(full_name="<Sample>")
    customer.send_documents()
    page = customer.get("/draft/check").text
    assert "&lt;Sample&gt;" in page
    assert 'href="/draft/form#f-address-street"' in page
    assert "1 December 2026" in page
    assert "a.jpg" in page


def test_the_notice_is_shown_without_what_could_run(customer):
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    page = customer.get("/draft/consent").text
    assert "<strong>name</strong>" in page
    assert "<script>alert" not in page


def test_consent_needs_the_tick(customer, sessions):
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    assert customer.post("/draft/consent", version="2026-11").status_code == 422
    assert draft(sessions).consent is None


def test_consent_to_another_version_does_not_count(customer, sessions):
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    response = customer.post("/draft/consent", agree="yes", version="2020-01")
    assert response.status_code == 422
    assert draft(sessions).consent is None


def test_consent_is_kept_with_version_and_language(customer, sessions):
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    assert customer.agree().location == "/draft/identity"
    consent = draft(sessions).consent
    assert (consent["version"], consent["language"]) == ("2026-11", "en")


def test_who_comes_when_too_many_files_are_checked_is_told_so_and_loses_nothing(
    customer, sessions, monkeypatch
):
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    places = BoundedSemaphore(1)
    monkeypatch.setattr(intake.CLEANERS, "places", places)
    monkeypatch.setattr(intake.CLEANERS, "patience", timedelta(0))
    with places:
        refused = customer.upload("passport", name="passport.jpg")
    assert refused.status_code == 422
    assert "passport.jpg: We are checking many files at this moment." in refused.text
    assert customer.send_documents().location == "/draft/check"


def test_nothing_is_submitted_before_it_is_signed(customer, sessions):
    customer.prepare()
    with sessions() as session:
        assert session.scalar(select(ServiceRequest)) is None


def test_a_withdrawn_service_can_be_finished_but_not_begun(customer, another, sessions):
    customer.begin()
    with transaction(sessions) as session:
        offers.withdraw(session, "moving", by="operator")
    assert "Moving house" not in another.get("/").text
    for refused in (another.get("/apply/moving"), another.post("/apply/moving")):
        assert refused.status_code == 404
        assert "not offered any more" in refused.text
    for step in (customer.fill_in, customer.send_documents, customer.agree, customer.confirm):
        step()
    assert customer.sign().location == "/draft/receipt"
