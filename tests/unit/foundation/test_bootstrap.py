"""The first start on a bare machine: it says what is missing, and does nothing twice."""

import collections
import sys

import pytest

import bootstrap

Disk = collections.namedtuple("Disk", "total used free")  # noqa: PYI024


def test_an_old_python_is_told_what_is_needed(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        bootstrap.check_python()


def test_a_python_without_venv_is_told_which_package_brings_it(monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: name != "ensurepip")
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        bootstrap.check_python()


def test_a_full_disk_is_noticed_before_anything_is_fetched(monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda _: Disk(10**9, 9 * 10**8, 10**8))
    with pytest.raises(SystemExit, match="About 1 GB of disk is needed"):
        bootstrap.check_disk()


def test_what_is_installed_is_known_by_its_stamp(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path)
    assert not bootstrap.installed(bootstrap.LOCKS)
    bootstrap.STAMP.write_text(f"\n{bootstrap.wanted(bootstrap.LOCKS)}\n")
    assert bootstrap.installed(bootstrap.LOCKS)
    assert not bootstrap.installed(bootstrap.DEV_LOCKS)


def test_an_environment_that_was_moved_is_made_anew(monkeypatch, tmp_path):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    assert not bootstrap.works()
