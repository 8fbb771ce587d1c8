"""Texts that must be what the operator knows."""

from uuid import uuid4

import pytest

from tasks.channels import registered, simulator
from tasks.channels.port import Outgoing, RefusedMessageError

SMS = {
    "body": "Request {#var#} is done: {#url#}",
    "variables": ["7KQ4-M2ZX-P", "https://example.org/track"],
    "pe_id": "1101",
    "header": "TRNARD",
    "dlt_template_id": "1107",
    "category": "service_implicit",
}
SMS_TEXT = "Request 7KQ4-M2ZX-P is done: https://example.org/track"
WHATSAPP = {
    "template": "request_done",
    "language": "en",
    "category": "UTILITY",
    "body": "Hello {{2}}, request {{1}} is done.",
    "variables": ["7KQ4-M2ZX-P", "Sample Customer"],
}
WHATSAPP_TEXT = "Hello Sample Customer, request 7KQ4-M2ZX-P is done."


def sms(body=SMS_TEXT, **changed):
    return outgoing(body, {**SMS, **changed})


def whatsapp(body=WHATSAPP_TEXT, **changed):
    return outgoing(body, {**WHATSAPP, **changed})


def outgoing(body, registration):
    return Outgoing(id=uuid4(), address="+919876543210", body=body, registration=registration)


def test_an_sms_as_it_is_registered_is_taken():
    message = sms()
    assert simulator.sms(message).reference == f"simulator-{message.id}"


@pytest.mark.parametrize("fact", ["pe_id", "header", "dlt_template_id", "category"])
def test_an_sms_needs_every_fact_of_its_registration(fact):
    with pytest.raises(RefusedMessageError, match=fact):
        registered.check_sms(sms(**{fact: ""}))


@pytest.mark.parametrize(
    "body", [SMS_TEXT + "!", SMS_TEXT.lower(), SMS_TEXT.replace(" is", "  is"), ""]
)
def test_an_sms_that_differs_is_refused(body):
    with pytest.raises(RefusedMessageError, match="differs"):
        registered.check_sms(sms(body))


@pytest.mark.parametrize("header", ["TR", "TRNARDX", "TRN4RD"])
def test_a_sender_id_has_three_to_six_letters(header):
    with pytest.raises(RefusedMessageError, match="letters"):
        registered.check_sms(sms(header=header))


@pytest.mark.parametrize("value", ["a" * 31, "two\nlines"])
def test_a_value_that_the_operator_would_drop_is_refused(value):
    with pytest.raises(RefusedMessageError, match="fit"):
        registered.check_sms(sms(variables=[value, "https://example.org"]))


def test_only_an_address_fits_the_place_of_one():
    with pytest.raises(RefusedMessageError, match="fit"):
        registered.check_sms(sms(variables=["7KQ4-M2ZX-P", "example.org"]))


def test_a_missing_value_is_refused():
    with pytest.raises(RefusedMessageError, match="no value"):
        registered.check_sms(sms(variables=[]))


def test_a_very_long_sms_is_refused():
    body = "अ" * 700
    with pytest.raises(RefusedMessageError, match="segments"):
        simulator.sms(outgoing(body, {**SMS, "body": body}))


def test_a_whatsapp_message_as_it_was_approved_is_taken():
    assert simulator.whatsapp(whatsapp()).carrier == "simulator"


@pytest.mark.parametrize(
    "changed",
    [
        {"template": "Request Done"},
        {"category": "NEWS"},
        {"language": ""},
        {"variables": ["7KQ4-M2ZX-P"]},
        {"variables": ["7KQ4-M2ZX-P", ""]},
        {"variables": ["7KQ4-M2ZX-P", "Sample\nRao"]},
    ],
)
def test_a_whatsapp_message_that_breaks_a_rule_is_refused(changed):
    with pytest.raises(RefusedMessageError):
        registered.check_whatsapp(whatsapp(**changed))


def test_a_whatsapp_text_that_differs_is_refused():
    with pytest.raises(RefusedMessageError, match="differs"):
        registered.check_whatsapp(whatsapp(WHATSAPP_TEXT + " Buy now!"))


def test_a_whatsapp_text_has_a_limit():
    long = "a" * 1025
    with pytest.raises(RefusedMessageError, match="longer"):
        registered.check_whatsapp(outgoing(long, {**WHATSAPP, "body": long}))
