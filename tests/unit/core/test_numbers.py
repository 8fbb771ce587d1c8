"""Request numbers: speakable, unguessable, safe against slips of the pen."""

import pytest

from engine.cases import numbers


def test_a_number_is_grouped_for_the_ear():
    assert numbers.display("7KQ4M2ZXP") == "7KQ4-M2ZX-P"
    assert numbers.display("C7KQ4M2ZXP") == "C-7KQ4-M2ZX-P"


def test_two_numbers_differ():
    assert len({numbers.request_number() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "typed",
    [
        lambda shown: shown,
        str.lower,
        lambda shown: shown.replace("-", ""),
        lambda shown: shown.replace("-", " "),
        lambda shown: f"  {shown.replace('-', '–')} ",
        lambda shown: shown.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed):
    number = numbers.request_number()
    assert numbers.normalise(typed(numbers.display(number))) == number


def test_every_single_wrong_symbol_is_found():
    number = numbers.request_number()
    for place, right in enumerate(number):
        for wrong in numbers.ALPHABET.replace(right, ""):
            assert numbers.normalise(number[:place] + wrong + number[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "-", "7KQ4", "7KQ4-M2ZX-PP", "ÄÖÜ4-M2ZX-P", "x" * 100_000])
def test_what_cannot_be_a_number_is_none(text):
    assert numbers.normalise(text) is None
