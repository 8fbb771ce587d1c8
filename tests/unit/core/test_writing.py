"""Values as people write them, in each language and one time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.cases import sandbox, writing

INDIA = ZoneInfo("Asia/Kolkata")
LATE = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # the next day in India


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Mon 23 Nov 2026, 01:30"),
        ("pl", "pon. 23 lis 2026, 01:30"),
        ("hi", "सोम 23 नव॰ 2026, 01:30"),
        ("nowhere", "Mon 23 Nov 2026, 01:30"),
    ],
)
def test_a_moment_is_the_providers(locale, text):
    assert writing.moment(LATE, locale, INDIA) == text


def test_a_message_names_the_zone_beside_the_same_words():
    said = sandbox.fill("{{ at | moment }}", {"at": LATE}, locale="en", zone=INDIA)
    assert said == f"{writing.moment(LATE, 'en', INDIA)} IST"


@pytest.mark.parametrize(("locale", "text"), [("en", "1 May 2026"), ("pl", "1 maja 2026")])
def test_a_day_is_written_alike_in_pages_and_messages(locale, text):
    assert writing.day(date(2026, 5, 1), locale, INDIA) == text
    assert writing.answer("date", "2026-05-01", locale, INDIA) == text
    filled = sandbox.fill("{{ on | day }}", {"on": "2026-05-01"}, locale=locale, zone=INDIA)
    assert filled == text


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(days=5), "5 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=14), "14 days"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=4), "4 hours"),
    ],
)
def test_a_length_of_time_is_told_in_whole_days_or_hours(length, words):
    assert writing.duration(length, "en") == words


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("date", "2026-12-01", "1 December 2026"),
        ("time", "14:05", "14:05"),
        ("datetime", "2026-12-01T14:05", "Tue 1 Dec 2026, 14:05"),
        ("datetime", "2026-12-01T14:05:00+00:00", "Tue 1 Dec 2026, 19:35"),
        ("number", "1234567.5", "1,234,567.5"),
        ("boolean", True, "Yes"),
        ("boolean", False, "No"),
        ("text", "<b>", "<b>"),
        ("date", "yesterday", "yesterday"),
        ("number", "a lot", "a lot"),
    ],
)
def test_answers_are_written_for_people(kind, value, text):
    assert writing.answer(kind, value, "en", INDIA) == text


@pytest.mark.parametrize(("locale", "yes"), [("pl", "Tak"), ("hi", "हाँ"), ("ta", "ஆம்")])
def test_yes_is_said_in_the_language_of_the_customer(locale, yes):
    assert writing.answer("boolean", value=True, locale=locale, zone=INDIA) == yes
