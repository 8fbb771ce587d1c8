"""The catalogues of translations say what the pages say, with the same values in it."""

import re
import tomllib
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
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


@pytest.fixture(scope="module")
def texts_of_pages():
    """Every text that a page, form or report may show, as `make translations` finds it."""
    root = Path(i18n.__file__).parents[1]
    methods = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    kinds = [(each["pattern"], each["method"]) for each in methods]
    keywords = {**DEFAULT_KEYWORDS, "_l": None, "N_": None}
    return {
        text
        for part in ("web", "forms", "tasks")
        for _, _, text, _, _ in extract_from_dir(root / part, kinds, keywords=keywords)
    }


def test_every_text_of_the_pages_is_in_the_catalogue(catalogue, texts_of_pages):
    assert len(texts_of_pages) > 500
    known = {entry.id for entry in catalogue}
    assert not sorted(str(text) for text in texts_of_pages if text not in known)
