"""Keyset paging: keys survive their way through an address, and nonsense is refused."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest

from engine.cases import paging
from engine.errors import InvalidError

KEY = paging.Key(datetime(2026, 11, 22, 5, 30, 1, 5, tzinfo=UTC), UUID(int=9))


def test_a_key_comes_back_from_an_address_as_it_was():
    assert paging.read_key(KEY.text()) == KEY


def test_no_key_is_the_first_page():
    assert paging.read_key(None) is None
    assert paging.read_key("") is None


@pytest.mark.parametrize("plain", ["", "x", "2026-11-22 7", f"2026-11-22T05:30:00 {UUID(int=9)}"])
def test_what_is_no_key_is_refused(plain):
    with pytest.raises(InvalidError):
        paging.read_key(base64.urlsafe_b64encode(plain.encode()).decode() or "====")


def test_a_page_knows_whether_another_follows():
    rows = [paging.Key(KEY.moment, UUID(int=n)) for n in range(3)]
    shown = paging.page(rows, 2, lambda row: row)
    assert len(shown.rows) == 2
    assert paging.read_key(shown.following) == rows[1]
    assert paging.page(rows, 3, lambda row: row).following is None
