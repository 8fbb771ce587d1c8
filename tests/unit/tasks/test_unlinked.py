"""What a customer states cannot become a link in a mail of ours."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.handlers.unlinked import unlinked

OURS = "https://requests.example.org"
LINKED = re.compile(  # what mail readers make links of, and somewhat more
    r"(?<![\w+.-])[a-z][a-z0-9+.-]*:\S|://\S|www\.\w|\d+\.\d+\.\d+\.\d+"
    r"|(?<![\w@.+-])(?:[\w-]+[.\u3002\uff0e\uff61])+[^\W\d]{2}[\w-]*(?![\w@.-])",
    re.IGNORECASE,
)
MAIL = re.compile(r"[\w.+-]+@[\w.-]+")
PARTS = [
    "https://", "HTTP://", "ftp:", "mailto:", "//", "www.", "evil", ".com", ".example", "/pay?x=1",
    "@", ":8080", "192.168.0.1", "\u3002", "\uff0e", " ", "\n", "\u00a0", "(", ")", '"', ",", OURS,
    "/track/7KQ4", ".", "é", "जन", "-", "_", "#", "javascript:", "xn--p1ai", "12", "Dr.",
]  # fmt: skip
STATED = st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=8).map("".join)


def is_ours(word: str) -> bool:
    return bool(re.fullmatch(re.escape(OURS) + r"(/[\w/~-]*)?[.,;!?)]*", word))


@given(STATED)
def test_nothing_that_was_stated_can_be_pressed(stated):
    for word in unlinked(stated, OURS).split():
        if not is_ours(word) and not MAIL.fullmatch(word):
            assert not LINKED.search(word), word


@given(STATED)
def test_nothing_that_was_stated_is_lost(stated):
    broken = unlinked(stated, OURS)
    assert "".join(broken.split()) == "".join(stated.split())
    assert unlinked(broken, OURS) == broken


@pytest.mark.parametrize(
    "harmless",
    [
        "Sample R. Customer",
        "A.K. Sharma",
        "12.50",
        "1.12.2026",
        "2026-11-30T09:30:00+05:30",
        "sample.customer@example.org",
        "photo.jpg",
        f"{OURS}/track/7KQ4M2ZXP.",
        "Please note: before 9:30.",
    ],
)
def test_what_is_no_address_stays_as_it_is(harmless):
    assert unlinked(harmless, OURS) == harmless


@pytest.mark.parametrize("rest", [".evil.example", "@evil.example", ':80/x"http://evil.example'])
def test_what_only_begins_like_an_address_of_ours_is_broken(rest):
    assert " " in unlinked(OURS + rest, OURS)


def test_values_inside_values_are_broken_and_numbers_stay():
    given_ = {"data": {"items": ["www.evil.example", 3, None]}}
    broken = {"data": {"items": ["www. evil. example", 3, None]}}
    assert unlinked(given_, OURS) == broken
