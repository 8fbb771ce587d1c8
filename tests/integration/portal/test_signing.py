import io
import re
from concurrent.futures import ThreadPoolExecutor

from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from engine.cases import documents
from engine.errors import ConflictError
from engine.store import Customer, Document, Draft, ServiceRequest


def applications(sessions):
    with sessions() as session:
        kind = documents.Kind.APPLICATION
        return session.scalars(select(Document).where(Document.kind == kind)).all()


def requests(sessions):
    with sessions() as session:
        return session.scalars(select(ServiceRequest)).all()


def test_what_the_signature_will_say_is_shown_before(customer):
    customer.prepare()
    page = customer.get("/draft/sign").text
    assert "name as stated; mail s…@example.org verified by code" in page
    assert "Sample Customer" in page


def test_the_application_can_be_read_before_it_is_signed(customer):
    customer.prepare()
    response = customer.get("/draft/application.pdf")
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert not PdfFileReader(io.BytesIO(response.data)).embedded_signatures


def test_signing_makes_one_case_with_the_reserved_number(customer, sessions):
    customer.prepare()
    assert customer.sign().location == "/draft/receipt"
    with sessions() as session:
        reserved = session.scalars(select(Draft.number)).one()
    assert [request.number for request in requests(sessions)] == [reserved]


def test_the_application_carries_the_customers_signature(customer, sessions):
    customer.apply()
    signed = customer.get("/draft/receipt.pdf")
    signature = PdfFileReader(io.BytesIO(signed.data)).embedded_regular_signatures[0]
    subject = signature.signer_cert.subject.native
    assert subject["common_name"] == "Sample Customer"
    assert "verified by code" in subject["organizational_unit_name"]


def test_the_receipt_names_number_customer_due_moment_and_how_it_counts(customer, sessions):
    customer.apply()
    page = customer.get("/draft/receipt").text
    number = requests(sessions)[0].number
    assert f"{number[:4]}-{number[4:8]}-{number[8]}" in page
    assert re.search(r"C-\w{4}-\w{4}-\w", page)
    assert "Asia/Kolkata" in page
    assert "5 days from receipt, counted round the clock" in page


def test_the_signed_application_prints_the_promise_that_the_case_keeps(
    app, customer, sessions, monkeypatch
):
    from web import i18n
    from web.portal import paper

    seen = []
    real = paper.rendering.render
    monkeypatch.setattr(
        paper.rendering, "render", lambda *a, **k: seen.append(a[1]) or real(*a, **k)
    )
    customer.apply()
    with app.test_request_context():
        due = i18n.moment(requests(sessions)[0].due_at)
    assert ["Done by", f"{due} (Asia/Kolkata)"] in seen[-1]["sections"][-1]["pairs"]


def test_pressing_the_button_twice_leads_to_the_same_receipt(customer, sessions):
    customer.apply()
    assert customer.sign().location == "/draft/receipt"
    assert len(requests(sessions)) == len(applications(sessions)) == 1


def test_two_presses_at_once_make_one_case_and_one_signature(app, customer, sessions):
    customer.prepare()
    token = customer.client.get_cookie("draft").value

    def press(_):
        client = app.test_client()
        client.set_cookie("draft", token)
        return client.post("/draft/sign").location

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(press, range(2))) == {"/draft/receipt"}
    assert len(requests(sessions)) == len(applications(sessions)) == 1


def test_the_back_button_leads_from_every_step_to_the_receipt(customer):
    customer.apply()
    for page in ("form", "documents", "check", "consent", "identity", "sign", "later"):
        assert customer.get(f"/draft/{page}").location == "/draft/receipt", page
    assert customer.fill_in(full_name="Mallory").location == "/draft/receipt"


def test_an_application_changed_while_being_signed_is_not_sent(customer, sessions, monkeypatch):
    from web.portal import sign

    customer.prepare()
    real = sign._sign

    def slow(draft, content):
        moment = real(draft, content)
        customer.fill_in(full_name="Somebody Else")
        return moment

    monkeypatch.setattr(sign, "_sign", slow)
    assert customer.sign().status_code == 409
    assert requests(sessions) == []


def test_a_signature_that_was_never_sent_does_not_come_along(customer, sessions, monkeypatch):
    from web.portal import sign

    def taken(*_):
        raise ConflictError

    customer.prepare()
    with monkeypatch.context() as patch:
        patch.setattr(sign.service_requests, "submit", taken)
        assert customer.sign().status_code == 409
    customer.fill_in(full_name="Sample R. Customer")
    customer.sign()
    signed = applications(sessions)
    assert len(signed) == 1
    assert "Sample R. Customer" in signed[0].facts["signer"]


def test_the_second_request_of_a_contact_belongs_to_the_same_customer(customer, sessions):
    customer.apply()
    customer.apply(full_name="A. Customer")
    with sessions() as session:
        assert len(session.scalars(select(Customer)).all()) == 1
    assert len({request.customer_id for request in requests(sessions)}) == 1


def test_without_keys_nothing_is_sent_and_the_page_says_so(app, customer, sessions):
    from dataclasses import replace

    from web import installation

    customer.prepare()
    here = app.extensions[installation.EXTENSION]
    app.extensions[installation.EXTENSION] = replace(here, keystore=None)
    response = customer.sign()
    assert response.status_code == 503
    assert "Nothing you entered before is lost" in response.text
    assert requests(sessions) == []


def test_no_transaction_is_open_while_the_signature_is_made(
    customer, database_engine, monkeypatch
):
    from web.portal import sign

    customer.prepare()
    real, held = sign.signing.sign_once, []

    def watched(*arguments, **facts):
        held.append(database_engine.pool.checkedout())
        return real(*arguments, **facts)

    monkeypatch.setattr(sign.signing, "sign_once", watched)
    customer.sign()
    assert held == [0]
