"""Messages of a bundle: filled in, refused, checked."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from engine.cases import sandbox, templates
from engine.cases.sandbox import MessageTemplateError
from engine.definitions.request_types import RequestType
from engine.errors import NotFoundError

MAIL = b"""
[mail]
subject = "Request {{ number }}"
text = "Dear {{ name }},\\n\\ndone. See https://example.org/track."
"""
SMS = b"""
[sms]
body = "Request {#var#} of {#var#}: {#var#}"
variables = ["number", "name", "link"]
pe_id = "1"
"""
WHATSAPP = b"""
[whatsapp]
template = "done"
body = "Hello {{2}}, {{1}} is done, {{2}}."
variables = ["number", "name"]
"""
VALUES = {
    "number": "7KQ4",
    "name": "Sample <b>Customer</b>",
    "link": "https://example.org/" + "x" * 40,
}


def request_type(**files):
    named = {f"messages/{name.replace('_', '.')}.toml": text for name, text in files.items()}
    settings = b'key = "a"\nlocales = ["en", "hi"]\n'
    return RequestType(uuid4(), "a", 1, {"request_type.toml": settings, **named})


def render(text, channel, values=VALUES, locale="en"):
    return templates.render(request_type(done_en=text), "done", channel, locale, values)


def test_a_mail_is_filled_in():
    mail = render(MAIL, "mail")
    assert mail.subject == "Request 7KQ4"
    assert mail.body.startswith("Dear Sample <b>Customer</b>,\n")


def test_the_html_part_comes_from_the_text_and_is_safe():
    html = render(MAIL, "mail").html
    assert "<p>Dear Sample &lt;b&gt;Customer&lt;/b&gt;,</p>" in html
    assert '<a href="https://example.org/track">https://example.org/track</a>.' in html


def test_an_html_part_of_its_own_escapes_its_values():
    html = render(MAIL + b'html = "<h1>{{ name }}</h1>"', "mail").html
    assert "<h1>Sample &lt;b&gt;Customer&lt;/b&gt;</h1>" in html


def test_an_sms_is_filled_in_order_and_keeps_its_registration():
    sms = render(SMS, "sms", {**VALUES, "name": "Sample"})
    assert sms.body == f"Request 7KQ4 of Sample: {VALUES['link']}"
    assert sms.registration["pe_id"] == "1"
    assert sms.registration["variables"] == ["7KQ4", "Sample", VALUES["link"]]


def test_a_long_value_of_an_sms_is_cut_but_no_address():
    sms = render(SMS, "sms", {**VALUES, "name": "A" * 40})
    assert sms.body == f"Request 7KQ4 of {'A' * 30}: {VALUES['link']}"


def test_a_whatsapp_message_is_filled_by_number():
    message = render(WHATSAPP, "whatsapp", {**VALUES, "name": "Sample\nCustomer"})
    assert message.body == "Hello Sample Customer, 7KQ4 is done, Sample Customer."


def test_another_language_falls_back_to_the_first():
    assert render(MAIL, "mail", locale="hi").subject == "Request 7KQ4"


def test_a_translated_message_is_preferred():
    translated = MAIL.replace(b"Request", "अनुरोध".encode())
    made = request_type(done_en=MAIL, done_hi=translated)
    assert templates.render(made, "done", "mail", "hi", VALUES).subject == "अनुरोध 7KQ4"


@pytest.mark.parametrize(("message", "channel"), [("done", "sms"), ("other", "mail")])
def test_what_is_not_written_is_not_found(message, channel):
    with pytest.raises(NotFoundError):
        templates.render(request_type(done_en=MAIL), message, channel, "en", VALUES)


def test_a_missing_value_is_named_and_never_blank():
    with pytest.raises(MessageTemplateError, match=r"done\.en, mail: .*'name' is undefined"):
        render(MAIL, "mail", {"number": "7KQ4"})


@pytest.mark.parametrize(
    "template",
    [
        "{{ name.__class__ }}",
        "{{ name.upper() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ range(10) }}",
        "{{ 'x' * 1000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%1000000d' % 1 }}",
        "{{ name|center(1000000) }}",
        "{{ self }}{{ lipsum() }}",
        "{% include 'other' %}",
        "{{ name",
        "{% for a in rows %}{% for b in rows %}{{ rows }}{% endfor %}{% endfor %}",
    ],
)
def test_a_template_that_wants_too_much_is_refused(template):
    with pytest.raises(MessageTemplateError):
        sandbox.fill(template, {"name": "Sample", "rows": ["x" * 100] * 100}, locale="en")


@pytest.mark.parametrize("value", [datetime(2026, 11, 22, 9, 30, tzinfo=UTC), "2026-11-22T09:30Z"])
@pytest.mark.parametrize(
    ("locale", "written"),
    [("en", "Sun 22 Nov 2026, 15:00 IST"), ("hi", "रवि 22 नव॰ 2026, 15:00 IST")],
)
def test_a_moment_is_written_for_its_place(value, locale, written):
    zone = ZoneInfo("Asia/Kolkata")
    filled = sandbox.fill("{{ at|moment }}", {"at": value}, locale=locale, zone=zone)
    assert filled == written


def test_a_day_is_that_of_the_provider():
    late = {"at": "2026-11-22T20:00:00+00:00"}
    zone = ZoneInfo("Asia/Kolkata")
    assert sandbox.fill("{{ at|day }}", late, locale="en", zone=zone) == "23 November 2026"
    assert sandbox.fill("{{ at|day }}", {"at": "2026-12-01"}, locale="en") == "1 December 2026"


def test_a_phone_number_is_written_internationally():
    filled = sandbox.fill("{{ n|phone }}", {"n": "+919876543210"}, locale="en")
    assert filled == "+91 98765 43210"


@pytest.mark.parametrize("content", [MAIL, SMS, WHATSAPP])
def test_a_good_message_file_has_no_finding(content):
    assert templates.check(content, "messages/done.en.toml") == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[fax]\nbody = 'x'", "not a channel"),
        (b"mail = 1", "not a channel"),
        (b"[mail]\nsubject = 'x'", "`text` is missing"),
        (b"[mail]\nsubject = '{{ x'\ntext = ''", "unexpected end of template"),
        (b"[mail]\nsubject = ''\ntext = '{{ x|center }}'", "No filter named 'center'"),
        (b"[sms]\nbody = '{#var#}'", "1 placeholders, `variables` has 0"),
        (b"[whatsapp]\nbody = '{{2}}'\nvariables = ['a']", "2 placeholders, `variables` has 1"),
    ],
)
def test_a_faulty_message_file_is_found(content, said):
    (finding,) = templates.check(content, "messages/done.en.toml")
    assert said in finding.message
