"""Browsers as people have them: a phone, a desk; what goes wrong on a page is kept."""

from collections.abc import Mapping
from typing import ClassVar
from weakref import WeakSet

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

PATIENCE = 10_000  # milliseconds
MOST_SHOWN = 2_000  # characters of a page, beside a failure
PHONE: Mapping[str, object] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
DESK: Mapping[str, object] = {"viewport": {"width": 1280, "height": 900}}
HARMLESS = (
    "Failed to load resource",  # the browser's line for an answer that is looked at here
    "htmx:sendAbort",  # a refresh given up for a newer one, said twice
    "htmx:afterRequest",
)
PAGES = {"document", "fetch", "xhr"}  # their refusals are answers, not faults


class Browsing:
    """Contexts that know nothing of each other; `faults` says what their pages complained of."""

    _all: ClassVar[WeakSet["Browsing"]] = WeakSet()

    def __init__(self, browser: Browser, url: str) -> None:
        self.faults: list[str] = []
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self._all.add(self)

    @classmethod
    def seen(cls) -> list[tuple[str, str]]:
        """Address and text of every page that is open at the moment."""
        open_pages = [page for one in cls._all for each in one._contexts for page in each.pages]
        return [(page.url, page.inner_text("body")[:MOST_SHOWN]) for page in open_pages]

    def phone(self, *, javascript: bool = True, **options: object) -> Page:
        """A page on a phone of its own."""
        return self.page(**{**PHONE, "java_script_enabled": javascript, **options})

    def desk(self, **options: object) -> Page:
        """A page on a desktop of its own."""
        return self.page(**{**DESK, **options})

    def page(self, **options: object) -> Page:
        """A page in a fresh context."""
        context = self._browser.new_context(base_url=self._url, locale="en-IN", **options)
        context.set_default_timeout(PATIENCE)
        context.on("console", self._console)
        context.on("response", self._response)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self._contexts.append(context)
        return context.new_page()

    def close(self) -> None:
        """Close everything; fail if a page had an error."""
        while self._contexts:
            self._contexts.pop().close()
        assert not self.faults, self.faults

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(HARMLESS):
            self.faults.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in PAGES:
            self.faults.append(f"{response.status} {response.url}")
