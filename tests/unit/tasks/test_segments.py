"""Parts of an SMS: 3GPP TS 23.038 and 23.040."""

import pytest

from tasks.channels import segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("अ" * 70, 1),
        ("अ" * 71, 2),
        ("अ" * 134, 2),
        ("अ" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("अ" * 66 + "😀" + "अ" * 66, 3),
    ],
)
def test_a_text_needs_so_many_parts(text, parts):
    assert segments.count(text) == parts


@pytest.mark.parametrize("text", ["Zażółć", "नमस्ते", "`", "ş"])
def test_what_is_not_in_the_alphabet_takes_two_bytes_a_symbol(text):
    assert not segments.is_gsm(text)


@pytest.mark.parametrize("text", ["àèéìòù", "{}[]~|^\\€", "Straße ÄÖÜ", "@£$¥"])
def test_the_alphabet_has_more_than_ascii(text):
    assert segments.is_gsm(text)
