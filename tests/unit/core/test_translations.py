"""A bundle in several languages says what it does not say in one of them."""

from engine.definitions import bundles, checks
from engine.findings import Severity
from tests import builders

FILES = bundles.read_folder(builders.BUNDLE)


def warnings(files):
    found = [each for each in checks.check_bundle(files) if each.rule == "translation"]
    assert all(each.severity is Severity.WARNING for each in found)
    return {each.file: each.message for each in found}


def test_a_text_that_is_not_translated_is_named():
    texts = FILES["texts/pl.toml"].replace(b"[clarify]\ninstructions", b"[clarify]\nother")
    found = warnings({**FILES, "texts/pl.toml": texts})
    assert found == {"texts/pl.toml": "Not translated: clarify.instructions."}


def test_the_words_of_forms_are_asked_for_too():
    texts = FILES["texts/hi.toml"].replace(b"[full_name]", b"[no_name]")
    found = warnings({**FILES, "texts/hi.toml": texts})
    assert found == {"texts/hi.toml": "Not translated: full_name.description, full_name.label."}


def test_many_missing_texts_are_counted():
    found = warnings({**FILES, "texts/ta.toml": b'name = "x"'})
    assert found["texts/ta.toml"].endswith(" more.")


def test_a_message_that_is_missing_in_a_language_is_named():
    files = {path: content for path, content in FILES.items() if path != "messages/resume.ta.toml"}
    says = "The message is not translated; messages/resume.en.toml is sent."
    assert warnings(files) == {"messages/resume.ta.toml": says}


def test_a_channel_that_is_missing_in_a_language_is_named():
    path = "messages/feedback.pl.toml"
    mail_alone = FILES[path].partition(b"[sms]")[0]
    assert warnings({**FILES, path: mail_alone}) == {path: "Not written for sms."}
