"""A stream of records in one encrypted file: whole and unaltered, or refused.

AES-256-GCM in frames, with a key made of a passphrase by scrypt and a salt of its own for each
file, so that a frame's number can be its nonce. The last frame is marked: a file that was cut off
is noticed like one that was changed. Memory is bounded by the size of a frame.
"""

import json
import os
import secrets
import struct
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from engine.errors import InvalidError

MAGIC = b"TURNAROUND-BACKUP-1\n"
SALT = 16  # bytes
FRAME = 1 << 20  # bytes of plain text
TAG = 16  # bytes that GCM adds
COST = {"n": 1 << 16, "r": 8, "p": 1}  # 64 MiB and a quarter of a second for each guess
LENGTH = struct.Struct(">I")
MORE, LAST = b"more", b"last"


class UnreadableBackupError(InvalidError):
    """The passphrase is wrong, or the file is damaged or cut off. Nothing was changed."""

    code = "unreadable_backup"


class Writer:
    """Writes records: a header, then parts of any size. Closing marks the end."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = secrets.token_bytes(SALT)
        self._target = target
        self._cipher = _cipher(passphrase, salt)
        self._waiting = bytearray()
        self._number = 0
        target.write(MAGIC + salt)

    def record(self, header: Mapping[str, object], parts: Iterator[bytes]) -> None:
        """One record; empty parts are left out, because an empty one ends it."""
        self._part(json.dumps(header).encode())
        for part in parts:
            if part:
                self._part(part)
        self._part(b"")

    def close(self) -> None:
        """Mark the end."""
        self._seal(LAST)

    def _part(self, data: bytes) -> None:
        self._waiting += LENGTH.pack(len(data)) + data
        while len(self._waiting) > FRAME:
            self._seal(MORE)

    def _seal(self, mark: bytes) -> None:
        plain = bytes(self._waiting[:FRAME])
        del self._waiting[:FRAME]
        sealed = self._cipher.encrypt(_nonce(self._number), plain, mark)
        self._target.write(mark + LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class Reader:
    """Reads what Writer wrote; every byte was authenticated before it is given out."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        """Raises InvalidError for what is no backup."""
        if source.read(len(MAGIC)) != MAGIC:
            raise InvalidError("This file is not a backup of Turnaround.")
        self._source = source
        self._cipher = _cipher(passphrase, source.read(SALT))
        self._plain = bytearray()
        self._number = 0
        self._ended = False

    def records(self) -> Iterator[tuple[Mapping[str, object], Iterator[bytes]]]:
        """Each record with its parts; what is left of them is passed over before the next one.

        Ends only behind the mark of the end. Raises UnreadableBackupError.
        """
        while not self._is_over():
            header = json.loads(self._part())
            parts = iter(self._part, b"")
            yield header, parts
            for _left in parts:
                pass

    def _is_over(self) -> bool:
        while not self._plain and not self._ended:
            self._open()
        return not self._plain

    def _part(self) -> bytes:
        (length,) = LENGTH.unpack(self._take(LENGTH.size))
        return self._take(length)

    def _take(self, count: int) -> bytes:
        while len(self._plain) < count:
            self._open()
        taken = bytes(self._plain[:count])
        del self._plain[:count]
        return taken

    def _open(self) -> None:
        head = self._source.read(len(MORE) + LENGTH.size)
        if self._ended or len(head) < len(MORE) + LENGTH.size:
            raise UnreadableBackupError
        mark, (length,) = head[: len(MORE)], LENGTH.unpack(head[len(MORE) :])
        if mark not in (MORE, LAST) or length > FRAME + TAG:
            raise UnreadableBackupError
        try:
            self._plain += self._cipher.decrypt(
                _nonce(self._number), self._source.read(length), mark
            )
        except InvalidTag as error:
            raise UnreadableBackupError from error
        self._number += 1
        self._ended = mark == LAST


class PrivateFile:
    """A new file for its owner alone, which takes its name only when it is complete."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._aside = f"{self._path}.{secrets.token_hex(4)}.part"

    def __enter__(self) -> BinaryIO:
        descriptor = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        return self._file

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            os.replace(self._aside, self._path)  # noqa: PTH105 -- the path may be any os.PathLike
        else:
            os.unlink(self._aside)  # noqa: PTH108


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, **COST).derive(passphrase.encode()))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
