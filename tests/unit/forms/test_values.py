"""Numbers and moments as people type them, and back in the page."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import forms
from forms import numerals
from forms.errors import UnreadableError
from forms.moments import Today, for_input, read
from forms.tokens import to_json, token
from tests.unit.forms.builders import component, evaluate, form

BERLIN = Today(date(2026, 7, 1), ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("+3", "3"),
        ("12.50", "12.50"),
        ("12,50", "12.50"),
        ("1 234,5", "1234.5"),
        ("1\u00a0234", "1234"),
        ("1'234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,00,000", "100000"),
        ("1.234.567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("0,125", "0.125"),
        ("1.234", "1.234"),
        ("१२", "12"),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert numerals.read(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "number_ambiguous"),
        ("", "number"),
        ("abc", "number"),
        ("1e5", "number"),
        ("NaN", "number"),
        ("Infinity", "number"),
        ("0x10", "number"),
        ("1.2.3", "number"),
        ("1,2,3", "number"),
        ("--1", "number"),
        ("1_000", "number"),
        (".5", "number"),
        ("9" * 35, "number_digits"),
    ],
)
def test_what_is_no_number_is_refused(text, code):
    with pytest.raises(UnreadableError) as caught:
        numerals.read(text)
    assert caught.value.error.code == code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1.50, "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00"), "0"),
        (date(2026, 5, 1), "2026-05-01"),
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
    ],
)
def test_a_value_is_written_as_text(value, text):
    assert token(value) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal(3), 3),
        (Decimal("3.5"), 3.5),
        (Decimal("NaN"), None),
        ([Decimal(1)], [1]),
        ({"a": date(2026, 5, 1)}, {"a": "2026-05-01"}),
    ],
)
def test_a_computed_value_becomes_json(value, expected):
    assert to_json(value) == expected


def moment(subtype, serialising):
    made = component("datetime", subtype=subtype, timeSerializingFormat=serialising)
    return form(made).components[0]


@pytest.mark.parametrize(
    ("subtype", "serialising", "typed", "kept"),
    [
        ("time", "utc_offset", "14:30", "14:30+02:00"),
        ("time", "utc_normalized", "14:30", "12:30Z"),
        ("time", "no_timezone", "14:30", "14:30"),
        ("datetime", "utc_offset", "2026-01-01T14:30", "2026-01-01T14:30+01:00"),
        ("datetime", "utc_normalized", "2026-01-01T14:30", "2026-01-01T13:30Z"),
        ("datetime", "no_timezone", "2026-01-01T14:30", "2026-01-01T14:30"),
        ("date", None, "2026-01-01", "2026-01-01"),
    ],
)
def test_a_moment_is_kept_as_asked_and_shown_as_typed(subtype, serialising, typed, kept):
    made = moment(subtype, serialising)
    assert read(made, typed, BERLIN) == kept
    assert for_input(made, kept, BERLIN) == typed


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("soon", "UTC"),
        ("0001-01-01T00:00", "Asia/Tokyo"),
        ("9999-12-31T23:59", "Pacific/Pago_Pago"),
    ],
)
def test_a_moment_no_calendar_can_hold_is_refused(text, zone):
    with pytest.raises(UnreadableError):
        read(moment("datetime", "utc_normalized"), text, Today(BERLIN.day, ZoneInfo(zone)))


def test_the_zone_of_the_caller_counts():
    made = form(component("datetime", subtype="datetime"))
    raw = {"it": ["2026-07-01T14:30"]}
    data = forms.validate(made, raw, evaluate, zone=BERLIN.zone).data
    assert data == {"it": "2026-07-01T14:30+02:00"}
    shown = forms.view(made, data, {}, evaluate, zone=BERLIN.zone).rows[0].fields[0]
    assert shown.value == "2026-07-01T14:30"


@pytest.mark.parametrize(
    ("text", "number"),
    [("+49 30 664040900", "+4930664040900"), ("030 664040900", "+4930664040900")],
)
def test_a_region_stands_in_for_a_country_code(text, number):
    phone = component(
        "textfield", validate={"validationType": "phone"}, properties={"region": "DE"}
    )
    assert forms.validate(form(phone), {"it": [text]}, evaluate).data == {"it": number}
