import io
import random
import struct
import zlib

import pytest
from PIL import Image

from tasks.documents import intake
from tasks.documents.errors import RejectedUploadError
from tasks.documents.policy import Kind, Policy
from tests.unit.documents import builders

KINDS = {"JPEG": Kind.JPEG, "PNG": Kind.PNG, "WEBP": Kind.JPEG, "HEIF": Kind.JPEG}


def with_secrets() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x0112] = 6  # Turned by a quarter.
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (52.0, 13.0, 47.0)
    return exif


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refusal(data: bytes, policy: Policy | None = None) -> RejectedUploadError:
    with pytest.raises(RejectedUploadError) as caught:
        intake.accept("file", data, policy or Policy())
    return caught.value


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size it would unpack to."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(4_000_000), 9)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_taken_in_as_what_it_is(kind: str):
    accepted = intake.accept("photo.bin", builders.picture(kind))
    assert accepted.media_type is KINDS[kind]
    assert opened(accepted.data).size == (60, 40)


@pytest.mark.parametrize("kind", KINDS)
def test_no_metadata_is_kept(kind: str):
    accepted = intake.accept("a", builders.picture(kind, exif=with_secrets()))
    assert not dict(opened(accepted.data).getexif())
    assert b"PhoneMaker" not in accepted.data
    assert b"Exif" not in accepted.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(kind: str):
    accepted = intake.accept("a", builders.picture(kind, exif=with_secrets()))
    picture = opened(accepted.data).convert("RGB")
    assert picture.size == (40, 60)
    red, green, _ = picture.getpixel((20, 5))
    assert red > 200
    assert green < 100


def test_comments_and_profiles_are_dropped():
    data = builders.picture("JPEG", comment=b"secret note", icc_profile=b"secret profile" * 20)
    accepted = intake.accept("a", data)
    assert b"secret" not in accepted.data


def test_what_is_transparent_stays_so():
    output = io.BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(output, "WEBP", lossless=True)
    accepted = intake.accept("a", output.getvalue())
    assert accepted.media_type is Kind.PNG
    assert opened(accepted.data).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_understood(mode: str):
    output = io.BytesIO()
    Image.new(mode, (10, 10)).save(output, "PNG")
    assert intake.accept("a", output.getvalue()).media_type is Kind.PNG


def test_a_printers_colours_become_a_screens():
    output = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(output, "JPEG")
    assert opened(intake.accept("a", output.getvalue()).data).mode == "RGB"


def test_a_large_picture_is_made_smaller():
    accepted = intake.accept("a", builders.picture("JPEG", (400, 300)), Policy(max_side=100))
    assert opened(accepted.data).size == (100, 75)


@pytest.mark.parametrize("size", [(8000, 8000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_would_swell_is_refused(size: tuple[int, int]):
    assert refusal(bomb(*size)).reason == "too_many_pixels"


def test_a_second_file_behind_the_picture_is_cut_off():
    tail = b"<script>alert(1)</script>PK\x03\x04%PDF-1.7"
    accepted = intake.accept("a.jpg", builders.picture("JPEG") + tail)
    assert b"<script>" not in accepted.data
    assert accepted.data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_picture_is_refused_with_advice(kind: str):
    data = builders.picture(kind, (600, 400))
    error = refusal(data[: len(data) // 2])
    assert error.reason in ("unreadable", "type")
    assert "again" in str(error) or "Send" in str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_pictures_are_refused_or_made_whole(kind: str):
    dice = random.Random(5)
    good = builders.picture(kind, (100, 80))
    for _ in range(40):
        data = bytearray(good)
        for place in dice.sample(range(len(data)), 8):
            data[place] = dice.randrange(256)
        try:
            accepted = intake.accept("a", bytes(data))
        except RejectedUploadError:
            continue
        opened(accepted.data).load()


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<!doctype html><script>1</script>",
        b"PK\x03\x04 a zip",
        b"MZ a program",
        b"\x7fELF",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"just text",
        b"\n%PDF-1.7 with something before it",
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(data: bytes):
    with pytest.raises(RejectedUploadError, match="Send a PDF, JPEG") as caught:
        intake.accept("form.pdf", data)
    assert caught.value.reason == "type"


def test_a_kind_the_policy_leaves_out_is_refused():
    policy = Policy(kinds=frozenset({Kind.PDF, Kind.JPEG}))
    error = refusal(builders.picture("PNG"), policy)
    assert error.reason == "type"
    assert "JPEG, PDF" in str(error)


def test_an_empty_file_is_refused():
    assert refusal(b"").reason == "empty"


def test_a_file_over_the_limit_is_refused_with_the_limit():
    error = refusal(bytes(2 * 2**20 + 1), Policy(max_bytes=2 * 2**20))
    assert error.reason == "too_large"
    assert "2 MB" in str(error)


@pytest.mark.parametrize("around", [b"", b"\xff\xd8\xff" + bytes(50), b"%PDF-1.7\n"])
def test_the_test_virus_is_refused(around: bytes):
    assert refusal(around + intake.EICAR).reason == "malware"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("scan.jpeg", "scan.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\jan\\dowód.JPG", "dowód.jpg"),
        ("a\x00b\r\nc.jpg", "abc.jpg"),
        ("\u202egpj.exe", "gpj.jpg"),
        ("..", "document.jpg"),
        ("", "document.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("पहचान पत्र.png", "पहचान पत्र.jpg"),
        ('a"b<c>.jpg', "a_b_c_.jpg"),
    ],
)
def test_a_name_is_made_safe_and_fits_the_content(given: str, kept: str):
    assert intake.accept(given, builders.picture("JPEG")).name == kept


def test_a_long_name_is_shortened():
    assert len(intake.safe_name("x" * 500 + ".pdf", Kind.PDF)) == 100
