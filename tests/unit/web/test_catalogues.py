"""The catalogues of translations say what the pages say, with the same values in it."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from web import i18n

PLACE = re.compile(r"%\(\w+\)s")
CATALOGUES = sorted(i18n.TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parts[-3])
def catalogue(request):
    with request.param.open("rb") as written:
        return read_po(written, locale=Path(request.param).parts[-3])


def texts(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def test_every_text_has_its_translation(catalogue):
    assert not [entry.id for entry in catalogue if entry.id and not all(texts(entry.string))]


def test_a_translation_has_the_values_of_its_text(catalogue):
    for entry in catalogue:
        wanted = sorted(PLACE.findall(texts(entry.id)[0])) if entry.id else []
        for said in texts(entry.string) if entry.id else []:
            assert sorted(PLACE.findall(said)) == wanted, entry.id


def test_a_language_has_all_its_plural_forms(catalogue):
    plurals = [entry for entry in catalogue if isinstance(entry.id, (list, tuple))]
    assert plurals
    assert all(len(entry.string) == catalogue.num_plurals for entry in plurals)


def test_nothing_is_guessed(catalogue):
    assert not [entry.id for entry in catalogue if entry.id and entry.fuzzy]


def test_there_is_a_catalogue_for_every_language_of_the_shipped_request_types():
    assert set(i18n.locales()) >= {"en", "hi", "ta", "pl"}
