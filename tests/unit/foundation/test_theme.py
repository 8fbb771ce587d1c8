"""The colours of the theme can be read: WCAG 2.2, 1.4.3 (text) and 1.4.11 (controls, focus)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3] / "web" / "frontend" / "src"
TEXT, SHAPE = 4.5, 3.0

GROUNDS = ("ground", "surface", "raised")
TEXTS = ("ink", "muted", "link", "primary-strong", "danger", "success", "warning", "info")
PAIRS = (
    *((text, ground, TEXT) for text in TEXTS for ground in GROUNDS),
    *((f"{state}-ink", f"{state}-soft", TEXT) for state in ("success", "warning", "danger")),
    ("info-ink", "info-soft", TEXT),
    ("neutral-ink", "neutral-soft", TEXT),
    ("muted", "neutral-soft", TEXT),
    ("ink", "neutral-soft", TEXT),
    ("ink", "primary-soft", TEXT),
    ("muted", "primary-soft", TEXT),
    ("link", "primary-soft", TEXT),
    ("primary-strong", "primary-soft", TEXT),
    ("primary-ink", "primary", TEXT),
    ("primary-ink", "primary-strong", TEXT),
    *((shape, ground, SHAPE) for shape in ("control", "focus", "primary") for ground in GROUNDS),
)


def colours(theme: str) -> dict[str, str]:
    block = re.search(
        rf"\[data-bs-theme={theme}\]\s*\{{(.*?)\}}", (SOURCE / "tokens.css").read_text(), re.DOTALL
    )
    assert block is not None
    return dict(re.findall(r"--t-([\w-]+):\s*#([0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_every_pair_of_colours_has_enough_contrast(theme, front, back, least):
    known = colours(theme)
    assert contrast(known[front], known[back]) >= least


def test_both_themes_name_the_same_colours():
    assert colours("light").keys() == colours("dark").keys()


def test_parts_take_their_colours_from_the_theme():
    written = (SOURCE / "components.css").read_text() + (SOURCE / "layout.css").read_text()
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", written)) <= {"#fff"}
