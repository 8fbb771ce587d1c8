"""Styles, scripts and icons as pages ask for them."""

import json

import pytest

from web import assets


@pytest.fixture(autouse=True)
def built(monkeypatch, tmp_path):
    """A small build in the place of the real one."""
    manifest = {
        "src/page.js": {
            "file": "assets/page-1.js",
            "imports": ["_shared.js"],
            "css": ["page.css"],
        },
        "_shared.js": {"file": "assets/shared-1.js", "css": ["shared.css"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "sun.svg").write_text('<svg class="bi">\n  <path d="M0"/>\n</svg>')
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for cached in (assets._manifest, assets._files, assets._drawing):
        cached.cache_clear()


def test_a_bundle_loads_shared_parts_first_and_each_once():
    lines = str(assets.bundle("page")).splitlines()
    assert [line.split('"')[-2].rsplit("/", 1)[-1] for line in lines] == [
        "shared.css",
        "page.css",
        "shared-1.js",
        "page-1.js",
    ]
    assert lines[-1].startswith('<script type="module"')


def test_an_icon_without_a_label_is_decoration():
    assert 'aria-hidden="true"' in assets.icon("sun")
    assert '<path d="M0"/>' in assets.icon("sun")


def test_an_icon_with_a_label_is_an_image_with_that_name():
    assert 'role="img" aria-label="A &lt;sun&gt;"' in assets.icon("sun", "A <sun>")


def test_an_icon_that_is_not_shipped_is_refused_by_name():
    with pytest.raises(assets.UnknownIconError, match="unicorn"):
        assets.icon("unicorn")


def test_a_missing_build_says_how_to_build(built):
    (built / "manifest.json").unlink()
    with pytest.raises(assets.AssetsMissingError, match="make run"):
        assets.bundle("page")
