import pytest
from sqlalchemy import select

from engine.cases import drafts
from engine.store import Correspondence, Draft, ServiceRequest


@pytest.fixture
def ready(customer):
    """A customer who has to confirm a contact."""
    customer.begin()
    customer.fill_in()
    customer.send_documents()
    customer.agree()
    return customer


def draft(sessions):
    with sessions() as session:
        return session.scalars(select(Draft)).one()


def test_the_contacts_stated_are_offered_masked(ready):
    page = ready.get("/draft/identity").text
    assert "By SMS to …2345" in page
    assert "By mail to s…@example.org" in page
    assert "98400" not in page


@pytest.mark.parametrize(
    ("contact", "channel", "address"),
    [("phone", "sms", "+919840012345"), ("email", "mail", "sample@example.org")],
)
def test_the_code_goes_to_the_contact_chosen(ready, sessions, contact, channel, address):
    ready.post("/draft/identity/code", contact=contact)
    with sessions() as session:
        sent = session.scalars(select(Correspondence)).one()
    assert (sent.channel, sent.address, sent.masked) == (channel, address, True)


def test_the_code_is_never_on_the_page(ready):
    ready.post("/draft/identity/code", contact="email")
    page = ready.get("/draft/identity").text
    assert ready.newest_code() not in page
    assert "/operations/outbox" in page


def test_a_right_code_confirms_the_contact(ready, sessions):
    assert ready.confirm("phone").location == "/draft/sign"
    kept = draft(sessions)
    assert (kept.contact_kind, kept.contact_value) == ("phone", "+919840012345")


def test_a_wrong_code_confirms_nothing(ready, sessions):
    ready.post("/draft/identity/code", contact="email")
    wrong = f"{(int(ready.newest_code()) + 1) % 10**6:06}"
    response = ready.post("/draft/identity", code=wrong)
    assert response.status_code == 422
    assert "That is not the code we sent." in response.text
    assert draft(sessions).contact_verified_at is None


def test_after_five_wrong_codes_the_right_one_is_refused(ready, sessions):
    ready.post("/draft/identity/code", contact="email")
    right = ready.newest_code()
    for _ in range(5):
        ready.post("/draft/identity", code=f"{(int(right) + 1) % 10**6:06}")
    response = ready.post("/draft/identity", code=right)
    assert "Too many wrong codes" in response.text
    assert draft(sessions).contact_verified_at is None


def test_a_contact_that_is_not_stated_gets_no_code(ready, sessions):
    assert ready.post("/draft/identity/code", contact="fax").status_code == 422
    with sessions() as session:
        assert session.scalar(select(Correspondence)) is None


def test_no_more_than_five_codes_are_sent(ready):
    for _ in range(5):
        assert ready.post("/draft/identity/code", contact="email").status_code == 303
    response = ready.post("/draft/identity/code", contact="email")
    assert response.status_code == 422
    assert "no more than five codes an hour" in response.text


def test_a_code_for_an_address_that_was_changed_confirms_nothing(ready, sessions):
    ready.post("/draft/identity/code", contact="email")
    code = ready.newest_code()
    ready.fill_in(email="other@example.org")
    response = ready.post("/draft/identity", code=code)
    assert response.status_code == 422
    assert draft(sessions).contact_verified_at is None


def test_changing_a_confirmed_contact_asks_for_a_new_code(ready):
    ready.confirm("email")
    ready.fill_in(email="other@example.org")
    assert ready.get("/draft/sign").location == "/draft/identity"


def test_the_other_contact_can_be_confirmed_too(ready, sessions):
    ready.confirm("phone")
    page = ready.get("/draft/identity").text
    assert "You confirmed phone …2345." in page
    assert "By mail to s…@example.org" in page
    assert "By SMS" not in page
    ready.confirm("email")
    assert [held.contact for held in drafts.confirmed(draft(sessions))] == [
        ("phone", "+919840012345"),
        ("email", "sample@example.org"),
    ]
    page = ready.get("/draft/identity").text
    assert "You confirmed phone …2345 and mail s…@example.org." in page
    assert "Send the code" not in page


def test_before_the_signature_the_customer_reads_where_messages_go(ready):
    ready.confirm("email")
    page = ready.get("/draft/sign").text
    assert "We write to you by mail s…@example.org." in page
    assert "Confirm your phone, too" in page
    ready.confirm("phone")
    page = ready.get("/draft/sign").text
    assert "We write to you by mail s…@example.org and phone …2345." in page
    assert "too</a>" not in page


def test_the_code_to_follow_a_request_goes_to_the_contact_confirmed_first(ready, sessions):
    ready.confirm("phone")
    ready.confirm("email")
    ready.sign()
    with sessions() as session:
        ready.follow(session.scalars(select(ServiceRequest.number)).one())
        newest = select(Correspondence).order_by(Correspondence.created_at.desc())
        assert session.scalars(newest.where(Correspondence.masked)).first().channel == "sms"


def test_receipt_and_status_name_the_confirmed_contact_alone(ready, sessions):
    ready.confirm("email")
    ready.sign()
    with sessions() as session:
        number = session.scalars(select(ServiceRequest.number)).one()
    ready.follow(number)
    for page in ("/draft/receipt", f"/track/{number}"):
        assert "<dd>mail s…@example.org</dd>" in ready.get(page).text
    assert "You get this receipt by mail." in ready.get("/draft/receipt").text
