"""Uploaded pictures: decoded under limits, turned upright, encoded anew from pixels alone.

What was hidden in or behind the picture (place, camera, a second file) does not survive that.
"""

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps

from tasks.documents.errors import RejectedUploadError
from tasks.documents.hostile import PARSER_ERRORS
from tasks.documents.policy import Kind, Policy

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
KINDS = {
    "JPEG": Kind.JPEG,
    "MPO": Kind.JPEG,  # Some telephones put two pictures into one JPEG; the first counts.
    "PNG": Kind.PNG,
    "WEBP": Kind.WEBP,
    "HEIF": Kind.HEIC,
}
QUALITY = 88

pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """A picture of our own making: JPEG, or PNG where something shows through."""

    kind: Kind
    data: bytes
    changes: tuple[str, ...]


def cleaned(data: bytes, policy: Policy) -> Picture:
    """Decode and encode the picture anew; raises RejectedUploadError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Our own limit on pixels is checked instead.
        image = _opened(data)
        kind = KINDS[image.format or ""]
        _check(kind, image, policy)
        try:
            return _encoded(_upright(image, policy), kind)
        except PARSER_ERRORS as error:
            raise _unreadable("This picture is damaged.") from error
        finally:
            image.close()


def _opened(data: bytes) -> Image.Image:
    """Read the header alone, so that the size is known before anything is unpacked."""
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error
    except PARSER_ERRORS as error:
        raise RejectedUploadError(
            "type", "This is no file we can read. Send a PDF, JPEG, PNG, WEBP or HEIC file."
        ) from error


def _check(kind: Kind, image: Image.Image, policy: Policy) -> None:
    if kind not in policy.kinds:
        wanted = ", ".join(sorted(kind.name for kind in policy.kinds))
        raise RejectedUploadError(
            "type", f"{kind.name} files are not accepted here. Send one of: {wanted}."
        )
    if image.width * image.height > policy.max_pixels:
        raise _too_many_pixels()


def _upright(image: Image.Image, policy: Policy) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((policy.max_side, policy.max_side))
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")


def _encoded(image: Image.Image, source: Kind) -> Picture:
    """Copy the pixels to a new picture, which knows nothing of the old one's metadata."""
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    output = io.BytesIO()
    kind = Kind.PNG if source is Kind.PNG or image.mode == "RGBA" else Kind.JPEG
    if kind is Kind.PNG:
        fresh.save(output, "PNG", compress_level=4)
    else:
        fresh.save(output, "JPEG", quality=QUALITY, optimize=True)
    changes = ("metadata removed",) if kind is source else ("metadata removed", f"now {kind.name}")
    return Picture(kind, output.getvalue(), changes)


def _too_many_pixels() -> RejectedUploadError:
    return RejectedUploadError(
        "too_many_pixels", "This picture has too many pixels. Scan it with a lower resolution."
    )


def _unreadable(message: str) -> RejectedUploadError:
    return RejectedUploadError("unreadable", f"{message} Scan or photograph the page again.")
