"""Redirects stay on this site."""

import pytest

from web import targets


@pytest.mark.parametrize("target", ["/", "/inbox?after=x", "/a/b#c"])
def test_a_path_of_this_site_is_safe(target):
    assert targets.safe(target, "/default") == target


@pytest.mark.parametrize(
    "target",
    [None, "", "inbox", "//evil.example", "/\\evil.example", "https://evil.example", "/a\nb"],
)
def test_everything_else_becomes_the_default(target):
    assert targets.safe(target, "/default") == "/default"
