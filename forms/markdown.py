"""Markdown as HTML that a page may show: no raw HTML, no images, no scripts."""

import re
from collections.abc import Iterable

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("table")
_TAGS = frozenset(
    {
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


class SafeHtml(str):
    """HTML that templates need not escape."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text itself, as template engines ask for it."""
        return self


def to_html(text: str) -> SafeHtml:
    """Render Markdown; headings begin one level below that of the page."""
    tokens = _PARSER.parse(text)
    _lower_headings(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return SafeHtml(
        nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={"a": {"href", "title"}},
            url_schemes={"http", "https", "mailto", "tel"},
        )
    )


def escaped(value: str) -> str:
    """A value as it reads in Markdown: nothing in it is markup."""
    return _PUNCTUATION.sub(r"\\\1", " ".join(value.split()))


def _lower_headings(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
