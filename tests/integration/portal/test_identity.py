import pytest
from sqlalchemy import select

from engine.store import Correspondence, Draft


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
