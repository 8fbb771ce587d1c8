"""The encrypted stream of a backup: whole and unaltered, or refused."""

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import InvalidError
from engine.store import sealed_stream
from engine.store.sealed_stream import PrivateFile, Reader, UnreadableBackupError, Writer

PASSPHRASE = "a passphrase of some length"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch):
    monkeypatch.setattr(sealed_stream, "COST", {"n": 2, "r": 8, "p": 1})
    monkeypatch.setattr(sealed_stream, "FRAME", 100)


def written(records, passphrase=PASSPHRASE):
    target = io.BytesIO()
    writer = Writer(target, passphrase)
    for header, parts in records:
        writer.record(header, iter(parts))
    writer.close()
    return target.getvalue()


def read(data, passphrase=PASSPHRASE):
    reader = Reader(io.BytesIO(data), passphrase)
    return [(header, b"".join(parts)) for header, parts in reader.records()]


RECORDS = [({"n": 1}, [b"x" * 250, b"", b"y"]), ({"n": 2}, []), ({"n": 3}, [b"z" * 99])]


def test_what_was_written_is_read():
    assert read(written(RECORDS)) == [
        ({"n": 1}, b"x" * 250 + b"y"),
        ({"n": 2}, b""),
        ({"n": 3}, b"z" * 99),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=300), max_size=4), max_size=4))
def test_any_parts_come_back_as_they_were(parts):
    records = [({"n": number}, each) for number, each in enumerate(parts)]
    assert [content for _, content in read(written(records))] == [b"".join(p) for p in parts]


def test_parts_nobody_reads_are_passed_over():
    reader = Reader(io.BytesIO(written(RECORDS)), PASSPHRASE)
    assert [header["n"] for header, _ in reader.records()] == [1, 2, 3]


def test_another_passphrase_opens_nothing():
    with pytest.raises(UnreadableBackupError):
        read(written(RECORDS), "another passphrase")


def test_no_byte_can_change_unnoticed():
    data = written(RECORDS)
    for place in random.Random(3).sample(range(len(data)), 60):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        with pytest.raises(InvalidError):
            read(changed)


def test_no_cut_goes_unnoticed():
    data = written(RECORDS)
    for end in range(len(data)):
        with pytest.raises(InvalidError):
            read(data[:end])


def test_frames_cannot_change_places():
    data = written([({}, [b"x" * 1000])])
    start, size = len(sealed_stream.MAGIC) + sealed_stream.SALT, 8 + 100 + sealed_stream.TAG
    first, second = data[start : start + size], data[start + size : start + 2 * size]
    with pytest.raises(UnreadableBackupError):
        read(data[:start] + second + first + data[start + 2 * size :])


def test_the_same_content_looks_different_each_time():
    assert written(RECORDS) != written(RECORDS)


def test_a_file_that_is_no_backup_is_said_to_be_none():
    with pytest.raises(InvalidError, match="not a backup"):
        read(b"%PDF-1.7")


def test_a_file_takes_its_name_when_it_is_complete(tmp_path):
    path = tmp_path / "backup"
    with PrivateFile(path) as file:
        file.write(b"x")
        assert not path.exists()
    assert path.read_bytes() == b"x"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_failed_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), PrivateFile(tmp_path / "backup"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
