"""Texts of a form: templates in them, and their translation."""

import pytest

from forms import templates
from tests.unit.forms.builders import choices, component, evaluate, form, show, shown, submit

DATA = {"name": "Ada", "n": 3, "rooms": ["bath", "attic"], "people": [{"nick": "Bo"}]}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("Hello {{name}}!", "Hello Ada!"),
        ('="Hello " + name', "Hello Ada"),
        ("{{n + 0.50}}", "3.5"),
        ("{{unknown}}", ""),
        ("{{1 +}}", ""),
        ('{{date("2026-05-01")}}', "2026-05-01"),
        ("{{#if n = 3}}three{{/if}}{{#if n = 4}}four{{/if}}", "three"),
        ("{{#loop rooms}}{{this}}, {{/loop}}", "bath, attic, "),
        ("{{#loop people}}{{nick}}{{/loop}}", "Bo"),
        ("{{#loop n}}x{{/loop}}", ""),
        ("{{#if n = 3}}{{#loop rooms}}{{_index_}}{{/loop}}{{/if}}", "12"),
    ],
)
def test_a_template_is_filled_in(template, text):
    assert shown(component("textfield", label=template), data=DATA).label == text


@pytest.mark.parametrize(
    "template",
    ["{{a", "{{#if a}}", "{{/if}}", "{{#if a}}{{/loop}}", "{{#if a}}" * 4 + "{{/if}}" * 4],
)
def test_braces_and_blocks_must_match(template):
    assert templates.is_broken(template)


def test_a_loop_ends_after_a_hundred_rounds():
    text = templates.render("{{#loop a}}x{{/loop}}", {"a": [1] * 1000}, evaluate)
    assert text == "x" * 100


def test_headings_begin_below_that_of_the_page():
    assert shown(component("text", text="# One\n\n###### Six")).html == (
        "<h2>One</h2>\n<h6>Six</h6>\n"
    )


def test_markdown_knows_tables_and_links():
    text = "|a|b|\n|-|-|\n|1|2|\n\n[us](https://example.org)"
    html = shown(component("text", text=text)).html
    assert "<td>1</td>" in html
    assert 'href="https://example.org"' in html


TRANSLATED = {
    "it.label": "Farbe",
    "it.description": "Ihre Lieblingsfarbe",
    "it.options.red": "Rot",
    "other.label": "Niemand",
    "it.unknown": "Nichts",
}
COLOUR = component("radio", description="Which?", values=choices("red", "blue"))


def test_texts_are_translated_by_component_and_name():
    translated = form(COLOUR).translated(TRANSLATED)
    assert dict(translated.components[0].texts) == {
        "label": "Farbe",
        "description": "Ihre Lieblingsfarbe",
        "options.red": "Rot",
        "options.blue": "Blue",
    }


def test_components_inside_others_are_translated():
    group = component("group", "bank", components=[component("textfield", "iban")])
    translated = form(group).translated({"iban.label": "Kontonummer"})
    assert translated.components[0].components[0].texts["label"] == "Kontonummer"


def test_a_translation_leaves_the_form_it_came_from():
    original = form(COLOUR)
    original.translated(TRANSLATED)
    assert original.components[0].texts["label"] == "It"


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (component("text", text="a"), "text"),
        (component("image", source="/a.png", alt="a"), "alt"),
        (component("datetime", dateLabel="a"), "dateLabel"),
        (component("datetime", subtype="time", timeLabel="a"), "timeLabel"),
        (component("number", appearance={"suffixAdorner": "a"}), "suffixAdorner"),
        (component("textfield", appearance={"prefixAdorner": "a"}), "prefixAdorner"),
        (
            component("textfield", validate={"pattern": "x", "patternErrorMessage": "a"}),
            "patternErrorMessage",
        ),
        (component("table", columns=[{"key": "k", "label": "a"}]), "columns.k"),
    ],
)
def test_every_text_has_a_name(made, name):
    assert form(made).translated({f"it.{name}": "b"}).components[0].texts[name] == "b"


def test_an_own_message_is_said_when_the_pattern_is_not_found():
    limits = {"pattern": "^x$", "patternErrorMessage": "Enter x, 100%."}
    error = submit(component("textfield", validate=limits), raw={"it": "y"}).errors["it"]
    assert (error.code, error.text) == ("pattern_message", "Enter x, 100%.")


def test_an_error_names_its_limit():
    error = submit(component("number", validate={"min": 2.5}), raw={"it": "1"}).errors["it"]
    assert (error.message, error.text) == ("Enter %(limit)s or more.", "Enter 2.5 or more.")


def test_the_summary_of_errors_is_in_the_order_of_the_page():
    required = {"required": True}
    names = [component("textfield", name, validate=required) for name in "cab"]
    made = component("group", "g", path=None, components=names[1:])
    submission = submit(names[0], made, raw={})
    assert [line.path for line in submission.summary] == ["c", "a", "b"]
    assert [line.label for line in submission.summary] == ["C", "A", "B"]


def test_an_error_of_the_whole_form_leads_to_the_form():
    raw = {f"a{n}": "x" for n in range(2001)}
    refused = submit(component("textfield"), raw=raw)
    view = show(component("textfield"), errors=refused.errors)
    assert [line.target for line in view.summary] == [view.id]


def test_an_error_in_a_row_names_the_row():
    name = component("textfield", "name", validate={"required": True})
    rows = component("dynamiclist", "people", allowAddRemove=True, components=[name])
    submission = submit(rows, raw={"people._rows": "2", "people.0.name": "Ada"})
    assert [line.label for line in submission.summary] == ["People 2, Name"]
    view = show(rows, data=submission.entered, errors=submission.errors)
    assert [line.label for line in view.summary] == ["People 2, Name"]
