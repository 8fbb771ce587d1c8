from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text

from engine.cases import customers
from engine.store import Customer, migrations, transaction
from tests.integration.cases import builders


def verified(session, **overrides):
    facts = {
        "kind": "email",
        "value": "sample@example.org",
        "name": "Sample Customer",
        "locale": "en",
    }
    return customers.verified(session, **{**facts, **overrides})


def test_a_new_contact_makes_a_customer_with_a_number_of_their_own(session):
    customer = verified(session)
    assert customer.name == "Sample Customer"
    assert customer.cin.startswith("C")


def test_the_same_contact_finds_the_same_customer(session):
    first = verified(session)
    assert verified(session, name="Somebody Else").id == first.id
    assert first.name == "Sample Customer"


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("email", "Sample@Example.org", " sample@example.org"),
        ("phone", "+919840012345", "+91 98400-12345"),
    ],
)
def test_a_contact_is_the_same_however_it_is_written(session, kind, first, second):
    customer = verified(session, kind=kind, value=first)
    assert verified(session, kind=kind, value=second).id == customer.id


def test_a_name_alone_never_finds_anybody(session):
    assert verified(session).id != verified(session, value="other@example.org").id


def test_a_contact_verified_twice_at_once_makes_one_customer(sessions):
    def submit(_):
        with transaction(sessions) as session:
            return verified(session).cin

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(submit, range(8)))
    assert len(found) == 1
    with sessions() as session:
        assert session.scalar(select(func.count(Customer.id))) == 1


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [("phone", "+919840012345", "…2345"), ("email", "sample@example.org", "s…@example.org")],
)
def test_a_masked_contact_shows_only_what_its_holder_recognises(kind, value, shown):
    assert customers.masked(kind, value) == shown


def test_a_second_verified_contact_finds_the_same_customer(session):
    customer = verified(session)
    customers.add_contact(session, customer, "phone", "+91 98400 77777")
    assert verified(session, kind="phone", value="+919840077777").id == customer.id


def test_a_second_contact_that_leads_to_somebody_else_stays_theirs(session):
    customer, other = verified(session), verified(session, value="other@example.org")
    customers.add_contact(session, customer, "email", "other@example.org")
    assert verified(session, value="other@example.org").id == other.id


@pytest.mark.parametrize(("contact", "kept"), [("sample@example.org", True), ("x@y.org", False)])
def test_an_upgrade_lets_running_cases_forget_what_nobody_confirmed(session, contact, kept):
    request = builders.service_request(session)
    request.email = contact
    session.flush()
    scripts = ScriptDirectory.from_config(migrations.configuration()).walk_revisions()
    forget = next(each.module.FORGET for each in scripts if hasattr(each.module, "FORGET"))
    session.execute(text(forget.format(column="email")))
    session.refresh(request)
    assert (request.email is not None) is kept
