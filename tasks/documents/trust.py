"""Whom we believe: our own root for signatures, and authorities for the time of signing."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import pem
from asn1crypto import x509 as asn1

from tasks.documents.errors import KeysError, KeysMissingError

if TYPE_CHECKING:
    from tasks.documents.keys import KeyStore

CURRENT = "current"  # the folder of the keys in use
ROOT_FILE = "root.pem"
BEGIN = re.compile(rb"-----BEGIN CERTIFICATE-----")


@dataclass(frozen=True)
class Trust:
    """Trust anchors. `own` are roots of this installation, `timestamps` those of others."""

    own: tuple[asn1.Certificate, ...]
    timestamps: tuple[asn1.Certificate, ...] = ()


def of(store: "KeyStore", timestamp_pem: bytes = b"") -> Trust:
    """Trust the opened keys' root, and outside timestamp authorities given in PEM."""
    return Trust((store.root.asn1,), certificates(timestamp_pem))


def of_folder(folder: Path) -> Trust:
    """Trust the root of the keys below `folder`; they stay closed. Raises KeysMissingError."""
    root = folder / CURRENT / ROOT_FILE
    if not root.is_file():
        raise KeysMissingError(
            f"{folder} holds no keys, so nothing can be known as ours."
            " Name the installation's folder with TURNAROUND_DATA.",
            folder=str(folder),
        )
    return from_pem(root.read_bytes())


def from_pem(own_pem: bytes, timestamp_pem: bytes = b"") -> Trust:
    """Trust the roots in PEM; without any key, as somebody does who only verifies."""
    own = certificates(own_pem)
    if not own:
        raise KeysError("There is no root certificate to verify documents with.")
    return Trust(own, certificates(timestamp_pem))


def certificates(text: bytes) -> tuple[asn1.Certificate, ...]:
    """The certificates in a PEM file; none in an empty one. Raises KeysError if it is broken."""
    if not BEGIN.search(text):
        return ()
    try:
        return tuple(asn1.Certificate.load(der) for _, _, der in pem.unarmor(text, multiple=True))
    except ValueError as error:
        raise KeysError("A certificate file is damaged.") from error
