"""What others say of our files: poppler's pdfsig, our own judge, our command line."""

import re
import subprocess
from pathlib import Path

from engine import settings
from tasks.documents import verification
from web import verifying

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)")
SIGNATURE = re.compile(r"Signature #\d+:")
VALIDATION = re.compile(r"Signature Validation: (.+)")
TIME_STAMP = "Signature Field Name: Timestamp-"  # pdfsig lists it and cannot judge it


def independent(pdf: bytes, folder: Path) -> set[str]:
    """What pdfsig says of the signatures."""
    path = folder / "file.pdf"
    path.write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(path)]
    said = subprocess.run(command, capture_output=True, check=False, timeout=60).stdout
    _, *blocks = SIGNATURE.split(said.decode(errors="replace"))
    judged = [block for block in blocks if TIME_STAMP not in block]
    return {verdict for block in judged for verdict in VALIDATION.findall(block)}


def own(pdf: bytes, folder: Path) -> verification.Report:
    """Our judgement of the file, by the running product's keys and register."""
    path = folder / "file.pdf"
    path.write_bytes(pdf)
    return verifying.verified(path, settings.current())


def flipped(pdf: bytes, place: int) -> bytes:
    """The file with one bit changed."""
    return pdf[:place] + bytes([pdf[place] ^ 0x01]) + pdf[place + 1 :]


def covered(pdf: bytes) -> list[int]:
    """The places that the first signature stands for."""
    start, before, after, length = (int(number) for number in BYTE_RANGE.findall(pdf)[0])
    return [*range(start, start + before), *range(after, after + length)]
