"""Where a page may send the visitor next: only to a path of this site."""

from urllib.parse import urlsplit


def safe(target: str | None, default: str) -> str:
    """`target` if it is a path of this site, else `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.isprintable():
        return default
    return target
