"""The macros: every type of field as accessible HTML that needs no JavaScript."""

from pathlib import Path

import jinja2
import pytest
from lxml import html

from forms.messages import error
from tests.unit.forms.builders import choices, component, show

TEMPLATES = Path(__file__).parents[3] / "web" / "templates"
PAGE = """{% from "forms/form.html" import form %}
{%- call form(view, refresh=refresh) %}<button type="submit">Send</button>{% endcall %}"""
NAME = component("textfield", "name")
COLUMNS = [{"key": "a", "label": "First"}, {"key": "b", "label": "Second"}]
COMPONENTS = {
    "textfield": {"appearance": {"prefixAdorner": "a", "suffixAdorner": "b"}},
    "textarea": {},
    "number": {"appearance": {"suffixAdorner": "EUR"}},
    "checkbox": {},
    "radio": {"values": choices("a", "b")},
    "select": {"values": choices("a", "b")},
    "checklist": {"values": choices("a", "b")},
    "taglist": {"values": choices("a", "b")},
    "datetime": {},
    "filepicker": {"accept": ".pdf", "multiple": True},
    "expression": {"expression": "=1 + 1"},
    "group": {"components": [NAME]},
    "dynamiclist": {"components": [NAME], "allowAddRemove": True},
    "text": {"text": "# Hello"},
    "image": {"source": "/logo.png", "alt": "Logo"},
    "table": {"dataSource": "=[{a: 1, b: 2}]", "columns": COLUMNS},
    "spacer": {"height": 20},
    "separator": {},
    "button": {"action": "submit"},
}
ONLY_SHOWN = {"expression", "group", "dynamiclist", "text", "image", "table"} | {
    "spacer",
    "separator",
    "button",
}
ASKED = [kind for kind in COMPONENTS if kind not in ONLY_SHOWN]


@pytest.fixture(scope="module")
def environment():
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    made.install_null_translations(newstyle=True)
    return made


@pytest.fixture
def page(environment):
    def render(*components, refresh=True, **options):
        view = show(*components, **options)
        text = environment.from_string(PAGE).render(view=view, refresh=refresh)
        return html.fragment_fromstring(text)

    return render


def fields(found):
    return found.xpath('.//input[@type!="hidden"] | .//select | .//textarea')


def of_kind(kind, **overrides):
    return component(kind, **COMPONENTS[kind], **overrides)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_each_input_has_a_label_of_its_own(page, kind):
    found = page(of_kind(kind, description="A hint"))
    labels = found.xpath(".//label/@for")
    assert sorted(labels) == sorted(one.get("id") for one in fields(found))


@pytest.mark.parametrize("kind", COMPONENTS)
def test_no_id_is_used_twice(page, kind):
    ids = page(of_kind(kind, description="A hint"), errors={"it": error("required")}).xpath(
        ".//@id"
    )
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", COMPONENTS)
def test_nothing_is_styled_or_scripted_inline(page, kind):
    found = page(of_kind(kind))
    assert not found.xpath(".//@style | .//style | .//script | .//@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("kind", [*ASKED, "dynamiclist"])
def test_an_error_stands_at_its_field_and_in_the_summary(page, kind):
    found = page(of_kind(kind), errors={"it": error("required")})
    described = found.xpath('.//*[contains(@aria-describedby, "f-it-error")]')
    assert described
    assert "Fill in this field." in found.get_element_by_id("f-it-error").text_content()
    link = found.xpath('.//*[@id="error-summary"]//a')[0]
    assert link.text_content() == "It: Fill in this field."
    assert found.get_element_by_id(link.get("href")[1:]) is not None


@pytest.mark.parametrize("kind", ASKED)
def test_a_wrong_input_says_so(page, kind):
    found = page(of_kind(kind), errors={"it": error("required")})
    assert {one.get("aria-invalid") for one in fields(found)} == {"true"}


@pytest.mark.parametrize("kind", ASKED)
def test_every_reference_leads_to_an_element(page, kind):
    found = page(of_kind(kind, description="A hint"), errors={"it": error("required")})
    named = " ".join(found.xpath(".//@aria-describedby")).split()
    assert set(named) <= set(found.xpath(".//@id"))


@pytest.mark.parametrize("kind", ASKED)
def test_required_is_said_in_words(page, kind):
    assert "(required)" in page(of_kind(kind, validate={"required": True})).text_content()


@pytest.mark.parametrize("kind", ASKED)
def test_a_readonly_field_cannot_be_changed(page, kind):
    found = page(of_kind(kind), readonly=True)
    assert all("readonly" in one.attrib or "disabled" in one.attrib for one in fields(found))


@pytest.mark.parametrize("kind", ["radio", "checklist", "taglist"])
def test_answers_stand_in_a_fieldset_with_a_legend(page, kind):
    assert page(of_kind(kind)).xpath(".//fieldset/legend")[0].text_content().strip() == "It"


@pytest.mark.parametrize("kind", ["checkbox", "radio", "checklist", "taglist"])
def test_a_field_with_nothing_ticked_is_posted_all_the_same(page, kind):
    assert page(of_kind(kind)).xpath('.//input[@type="hidden"][@name="it"]/@value') == [""]


@pytest.mark.parametrize(
    ("kind", "data", "path"),
    [
        ("textfield", "Ada", './/input[@value="Ada"]'),
        ("textarea", "\nAda", './/textarea[contains(text(), "Ada")]'),
        ("number", 12.5, './/input[@value="12.5"]'),
        ("checkbox", True, ".//input[@checked]"),
        ("radio", "b", './/input[@value="b"][@checked]'),
        ("select", "b", './/option[@value="b"][@selected]'),
        ("checklist", ["b"], './/input[@value="b"][@checked]'),
        ("datetime", "2026-05-01", './/input[@type="date"][@value="2026-05-01"]'),
        ("filepicker", ["scan.pdf"], './/li[text()="scan.pdf"]'),
    ],
)
def test_a_known_answer_is_shown(page, kind, data, path):
    assert len(page(of_kind(kind), data={"it": data}).xpath(path)) == 1


def test_a_form_that_changes_refreshes_in_place(page):
    hidden = component("textfield", conditional={"hide": "=a = 1"})
    found = page(hidden, component("filepicker", "photo"))
    assert found.get("hx-post") == "?refresh=1"
    assert found.get("hx-params") == "not photo"
    assert found.xpath('.//noscript//button[@name="_refresh"]')


def test_a_form_that_never_changes_does_not_refresh(page):
    found = page(component("textfield"))
    assert found.get("hx-post") is None
    assert not found.xpath(".//noscript")


def test_refreshing_can_be_left_out(page):
    hidden = component("textfield", conditional={"hide": "=a = 1"})
    assert page(hidden, refresh=False).get("hx-post") is None


def test_the_first_button_sends_the_form(page):
    """Enter in a text field presses it."""
    assert page(of_kind("dynamiclist")).xpath(".//button")[0].get("name") is None


def test_rows_of_a_list_have_buttons(page):
    found = page(of_kind("dynamiclist"), data={"it": [{}, {}]})
    assert found.xpath('.//button[@name="_del"]/@value') == ["it.0", "it.1"]
    assert found.xpath('.//button[@name="_add"]/@value') == ["it"]
    assert found.xpath('.//input[@name="it._rows"]/@value') == ["2"]


def test_what_people_typed_is_escaped(page):
    found = page(of_kind("textfield"), data={"it": '"><script>x</script>'})
    assert not found.xpath(".//script")


def test_custom_properties_reach_the_input(page):
    properties = {"autocomplete": "postal-code", "inputmode": "numeric"}
    one = fields(page(of_kind("textfield", properties=properties)))[0]
    assert (one.get("autocomplete"), one.get("inputmode")) == ("postal-code", "numeric")


@pytest.mark.parametrize(
    ("overrides", "type_"),
    [
        ({"validate": {"validationType": "email"}}, "email"),
        ({"validate": {"validationType": "phone"}}, "tel"),
        ({}, "text"),
    ],
)
def test_a_textfield_offers_the_right_keyboard(page, overrides, type_):
    assert fields(page(component("textfield", **overrides)))[0].get("type") == type_


def test_a_number_is_a_text_with_a_keyboard_for_decimals(page):
    one = fields(page(component("number")))[0]
    assert (one.get("type"), one.get("inputmode")) == ("text", "decimal")


def test_fields_of_one_row_stand_beside_each_other(page):
    layouts = [{"row": "r", "columns": 8}, {"row": "r", "columns": None}]
    names = zip("ab", layouts, strict=True)
    found = page(*(component("textfield", name, layout=layout) for name, layout in names))
    columns = found.xpath('.//div[@class="row gx-3"]/div/@class')
    assert columns == ["col-12 col-md-6 mb-4", "col-12 col-md mb-4"]


def test_a_table_shows_its_cells(page):
    found = page(of_kind("table"))
    assert found.xpath(".//th/text()") == ["First", "Second"]
    assert found.xpath(".//td/text()") == ["1", "2"]
