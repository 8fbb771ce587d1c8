"""What strangers try: other people's drafts and documents, forged posts, floods."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.store import Document, Draft
from web.security import limiter


@pytest.fixture
def theirs(customer, sessions):
    """The upload of somebody else's draft."""
    customer.begin()
    customer.fill_in()
    customer.upload("lease")
    with sessions() as session:
        return session.scalars(select(Document.id)).one()


def test_another_customers_upload_cannot_be_seen(another, theirs):
    another.begin()
    assert another.get(f"/draft/documents/{theirs}").status_code == 404


def test_another_customers_upload_cannot_be_removed(another, theirs, sessions):
    another.begin()
    another.fill_in()
    assert another.post("/draft/documents", remove=str(theirs)).status_code == 404
    with sessions() as session:
        assert session.get(Document, theirs) is not None


def test_ones_own_upload_is_a_file_that_cannot_run(customer, theirs):
    response = customer.get(f"/draft/documents/{theirs}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_that_is_none_is_not_found(customer, theirs):
    assert customer.get(f"/draft/documents/{uuid4()}").status_code == 404
    assert customer.get("/draft/documents/1").status_code == 404
    assert customer.post("/draft/documents", remove="1").status_code == 303


def test_a_guessed_cookie_opens_nothing(another, theirs):
    another.client.set_cookie("draft", "A" * 43)
    assert another.get("/draft/form").status_code == 404


def test_the_drafts_id_in_a_cookie_opens_nothing(another, theirs, sessions):
    with sessions() as session:
        draft_id = session.scalars(select(Draft.id)).one()
    another.client.set_cookie("draft", str(draft_id))
    assert another.get("/draft/form").status_code == 404


def test_a_post_without_the_token_of_the_page_is_refused(app, customer):
    app.config["WTF_CSRF_ENABLED"] = True
    assert customer.post("/apply/moving").status_code == 400
    assert customer.post("/track", number="7KQ4M2ZXP").status_code == 400


def test_nobody_is_sent_to_another_site(customer):
    customer.begin()
    response = customer.client.post("/draft/form?next=https://evil.example", data={})
    assert "evil.example" not in response.headers.get("Location", "")
    assert customer.get("/track/https:evil.example").location.startswith("/track?number=")


def test_asking_for_codes_without_end_is_stopped(app, customer):
    limiter.enabled = True
    limiter.reset()
    answers = [customer.post("/track", number="7KQ4M2ZXP").status_code for _ in range(12)]
    limiter.reset()
    assert answers[-1] == 429


def test_beginning_drafts_without_end_is_stopped(app, customer):
    limiter.enabled = True
    limiter.reset()
    answers = [customer.post("/apply/moving").status_code for _ in range(12)]
    limiter.reset()
    assert answers[-1] == 429


def test_posting_far_too_much_leads_back_with_words(app, customer):
    customer.begin()
    customer.fill_in()
    app.config["MAX_CONTENT_LENGTH"] = 1000
    response = customer.upload("lease", b"x" * 5000)
    assert response.location == "/draft/documents"
    app.config["MAX_CONTENT_LENGTH"] = 10**7
    assert "Together these files are too large" in customer.get("/draft/documents").text
