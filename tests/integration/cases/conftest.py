"""A moment that stands still, and settings with a known secret."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import clock, settings

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def installation(tmp_path: Path) -> Iterator[None]:
    before = dict(settings._in_use)
    settings.use(
        settings.load(
            {
                "TURNAROUND_DATA": str(tmp_path),
                "TURNAROUND_DEMO": "1",
                "SECRET_KEY": "a-secret-for-tests",
                "UPLOAD_MAX_FILES": "4",
            }
        )
    )
    yield
    settings._in_use.clear()
    settings._in_use.update(before)


@pytest.fixture(autouse=True)
def noon() -> Iterator[datetime]:
    with clock.frozen_at(NOON):
        yield NOON
