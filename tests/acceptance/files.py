"""Files as customers have them: photos that say where they were taken, scans."""

import io

import pikepdf
from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

PLACE = {1: "N", 2: (18.0, 31.0, 13.0), 3: "E", 4: (73.0, 51.0, 24.0)}
GPS = 0x8825  # the tag of an EXIF block that leads to the place


def jpeg(text: str = "Rent agreement") -> dict[str, object]:
    """A photo that says where it was taken."""
    output = io.BytesIO()
    _picture(text).save(output, "JPEG", exif=_exif())
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": output.getvalue()}


def heic(text: str = "Passport") -> dict[str, object]:
    """The same as many phones make it."""
    register_heif_opener()
    output = io.BytesIO()
    _picture(text).save(output, "HEIF", exif=_exif().tobytes())
    return {"name": "IMG_0042.HEIC", "mimeType": "image/heic", "buffer": output.getvalue()}


def pdf() -> dict[str, object]:
    """A scan."""
    output = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(595, 842))
        made.save(output)
    return {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": output.getvalue()}


def says_where(content: bytes) -> bool:
    """Whether a picture tells anything but its pixels."""
    with Image.open(io.BytesIO(content)) as picture:
        return bool(picture.getexif()) or bool(picture.getexif().get_ifd(GPS))


def _picture(text: str) -> Image.Image:
    picture = Image.new("RGB", (1200, 900), (214, 222, 228))
    ImageDraw.Draw(picture).text((80, 80), text, fill="black", font_size=64)
    return picture


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "A maker of phones"
    exif.get_ifd(GPS).update(PLACE)
    return exif
