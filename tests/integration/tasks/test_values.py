"""What templates see of a case."""

from datetime import UTC, datetime

from engine.definitions import request_types
from engine.store import Customer, ServiceRequest
from tasks.handlers import values
from tasks.handlers.context import Case
from tests import builders

MOMENT = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)


def case_of(session):
    request = session.get_one(ServiceRequest, builders.submitted(session).id)
    customer = session.get_one(Customer, request.customer_id)
    return Case(request, customer, request_types.get(session, request.request_type_version_id))


def test_a_message_names_the_page_to_follow_the_request(session, settings):
    case = case_of(session)
    links = values.of_message(case, settings, {})["links"]
    assert links["track"] == f"http://127.0.0.1:8000/track/{case.request.number}"


def test_a_message_sees_the_parameters_of_its_service_task(session, settings):
    seen = values.of_message(case_of(session), settings, {"level": 2})
    assert seen["job"] == {"level": 2, "data": {}}


def test_a_document_has_its_dates_in_words(session, settings):
    seen = values.of_document(case_of(session), settings, {"on": "2026-11-01"}, MOMENT)
    assert seen["date"] == "23 November 2026"  # the provider's day, not UTC's
    assert seen["data"] == {"on": "1 November 2026"}


def test_a_document_has_its_names_in_the_order_of_the_form(session, settings):
    scrambled = {"pin": "411038", "city": "Pune", "line1": "12 Lake Road", "extra": "x"}
    seen = values.of_document(case_of(session), settings, {"was": [scrambled]}, MOMENT)
    assert list(seen["data"]["was"][0]) == ["line1", "city", "pin", "extra"]


def test_a_letter_is_addressed_as_the_form_asks(session, settings):
    case = case_of(session)
    case.customer.record = {"address": {"pin": "411038", "line1": "12 Lake Road"}}
    seen = values.of_document(case, settings, {}, MOMENT)
    assert seen["recipient"] == ["Sample Customer", "12 Lake Road", "411038"]


def test_a_document_has_the_answers_as_they_were_read_back(session, settings):
    sections = values.of_document(case_of(session), settings, {}, MOMENT)["sections"]
    pairs = [pair for section in sections for pair in section["pairs"]]
    assert {"Sample Customer", "1 November 2026"} <= {value for _, value in pairs}


def test_nothing_secret_is_in_sight(session, settings):
    seen = values.of_message(case_of(session), settings, {})
    assert settings.secret_key not in str(seen)
    assert settings.key_passphrase not in str(seen)


def test_a_stated_address_is_no_link_in_a_message(session, settings):
    request = builders.submitted(session, full_name="Win at www.evil.example/now")
    case = Case(
        request,
        session.get_one(Customer, request.customer_id),
        request_types.get(session, request.request_type_version_id),
    )
    seen = values.of_message(case, settings, {"data": {"note": "http://evil.example"}})
    assert seen["customer"]["name"] == "Win at www. evil. example/now"
    assert seen["answers"]["full_name"] == seen["customer"]["name"]
    assert seen["job"]["data"]["note"] == "http: //evil. example"
    assert seen["links"]["track"].startswith("http://127.0.0.1:8000/track/")
