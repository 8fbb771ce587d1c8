"""Addresses of images: only what a page may load and what cannot run."""

import re
from urllib.parse import urlsplit

_SCHEMES = frozenset({"", "http", "https"})
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")


def safe_address(address: str) -> str:
    """The address of an image if a page may show it, else ''."""
    if _DATA.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in _SCHEMES and not address.startswith("//") else ""
