"""What an upload may be, and what is left of one. Limits in bytes, pixels and pages."""

from dataclasses import dataclass
from enum import StrEnum

CLEANER_BYTES = 3 * 1024**3 // 2  # what the process that cleans one upload may use


class Kind(StrEnum):
    """The media types we understand; everything else is refused."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


@dataclass(frozen=True)
class Policy:
    """Which files are accepted. Pictures are brought down to `max_side` pixels."""

    kinds: frozenset[Kind] = frozenset(Kind)
    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 50_000_000
    max_side: int = 3500
    max_pages: int = 100


@dataclass(frozen=True)
class Content:
    """Clean bytes of our own making, or a signed PDF as it came."""

    kind: Kind
    data: bytes
    pages: int | None = None
    signed: bool = False
    changes: tuple[str, ...] = ()


DEFAULT = Policy()
