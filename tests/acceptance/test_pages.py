"""Every page, light and dark, on phone and desk: usable by everybody, and kept as a picture."""

from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.acceptance import world as people
from tests.acceptance.browsing import Browsing
from tests.acceptance.places import PAGES
from web.security import limiter

PICTURES = Path(__file__).parents[1] / "output" / "screenshots"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
NARROW = [320, 360, 390]
RUN_AXE = """levels => axe.run(document, {
    runOnly: levels, resultTypes: ['violations'], iframes: false
}).then(found => found.violations.map(one =>
    one.id + ': ' + one.nodes.map(node => node.target + ' ' + node.failureSummary).join(' | ')))"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('main *')]
        .filter(one => one.getBoundingClientRect().right > innerWidth)
        .map(one => one.outerHTML.slice(0, 80)).slice(0, 5)"""
SIDEWAYS = """() => [...document.querySelectorAll('.table-responsive')]
    .filter(one => one.scrollWidth > one.clientWidth).length"""
FOCUS_SHOWN = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return outlined || style.boxShadow !== 'none';
}"""


@pytest.fixture(scope="module")
def world(chromium, running):
    limiter.reset()
    with closing(Browsing(chromium, running.url)) as browsing:
        yield people.made(browsing, running)


@pytest.fixture(params=PAGES)
def shown(request, world, product):
    """Each page in turn, ready to be looked at."""
    page = PAGES[request.param](world)
    ready(page)
    return page


def ready(page: Page) -> None:
    page.locator("html[data-ready]").wait_for(state="attached")
    if page.locator("#diagram").count():
        page.locator("#diagram svg .djs-element").first.wait_for()


def test_everybody_can_use_the_page(shown, request):
    name = request.node.callspec.params["shown"]
    shown.evaluate(AXE_SCRIPT)
    for size, (width, height) in SIZES.items():
        shown.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            PICTURES.mkdir(parents=True, exist_ok=True)
            shown.screenshot(path=PICTURES / f"{name}-{size}-{scheme}.png", full_page=True)
            assert shown.evaluate(RUN_AXE, LEVELS) == [], f"{size}, {scheme}"
    for width in NARROW:
        shown.set_viewport_size({"width": width, "height": 844})
        assert shown.evaluate(TOO_WIDE) == [], f"{width} px"


@pytest.mark.parametrize("name", ["home", "form", "task-held", "outbox", "sign-in"])
def test_who_uses_the_keyboard_sees_where_they_are(world, product, name):
    page = PAGES[name](world)
    ready(page)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # behind the last one
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(FOCUS_SHOWN), where


@pytest.mark.parametrize("name", ["inbox", "outbox"])
def test_a_list_is_read_on_a_phone_without_scrolling_sideways(world, product, name):
    page = PAGES[name](world)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.get_by_role("row").count() > 1
    assert page.evaluate(SIDEWAYS) == 0
