"""Publishing is a gate, and what passed it never changes."""

import shutil

import pytest

from engine import settings
from engine.definitions import bundles, checks, request_types
from engine.definitions.errors import RefusedError
from engine.findings import Severity
from engine.lifecycle import RequestStatus
from tests import builders
from web import server

FILES = bundles.read_folder(builders.BUNDLE)


def changed(path, old, new):
    return {**FILES, path: FILES[path].replace(old.encode(), new.encode())}


def refusals(files):
    return [found for found in checks.check_bundle(files) if found.severity is Severity.ERROR]


def test_the_shipped_bundle_has_no_finding():
    assert checks.check_bundle(FILES) == []


def test_the_same_content_is_one_version(session):
    first = bundles.deploy(session, FILES, "analyst")
    assert bundles.deploy(session, FILES, "analyst").id == first.id


def test_changed_content_is_the_next_version_and_the_current_one(session):
    first = bundles.deploy(session, FILES, "analyst")
    again = changed("texts/en.toml", "Change of address", "Move house")
    second = bundles.deploy(session, again, "analyst")
    assert (first.version, second.version) == (1, 2)
    assert request_types.latest(session, "address_change").name("en") == "Move house"
    assert request_types.get(session, first.id).name("en") == "Change of address"


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("process.bpmn", 'value="verify"', 'value="nowhere"', "form 'nowhere'"),
        ("process.bpmn", "&quot;completed&quot;", "&quot;done&quot;", "messages/done.en.toml"),
        ("process.bpmn", "&quot;statement&quot;", "&quot;letter&quot;", "documents/letter.typ"),
        ("process.bpmn", "level(3)", "level(4)", "no level 4"),
        ("request_type.toml", 'promise = "P5D"', 'promise = "soon"', "sla.promise"),
        ("request_type.toml", 'form = "application"', 'form = "gone"', "forms/gone.form.json"),
        ("request_type.toml", 'locales = ["en", "hi",', 'locales = ["en", "de",', "texts/de.toml"),
        ("request_type.toml", "max_files = 3", 'max_files = "three"', "max_files"),
        ("request_type.toml", 'EndRejected = "rejected"', 'EndRejected = "gone"', "ends"),
        ("texts/en.toml", 'icon = "house"', "icon = house", "not TOML"),
    ],
)
def test_what_leads_nowhere_is_refused_by_name(path, old, new, says):
    found = refusals(changed(path, old, new))
    assert any(says in finding.message for finding in found), found


def test_a_refused_bundle_leaves_no_row(session):
    broken = changed("process.bpmn", 'value="verify"', 'value="nowhere"')
    with pytest.raises(RefusedError, match="form 'nowhere'"):
        bundles.deploy(session, broken, "analyst")


def test_a_start_that_a_shipped_bundle_stops_names_its_folder_and_every_fault(
    sessions, tmp_path, monkeypatch
):
    bundle = tmp_path / "address_change"
    shutil.copytree(builders.BUNDLE, bundle)
    for gone in ("forms/verify.form.json", "texts/en.toml"):
        (bundle / gone).unlink()
    monkeypatch.setattr(server, "SHIPPED", tmp_path)
    chosen = settings.load({"TURNAROUND_DATA": str(tmp_path / "var"), "TURNAROUND_DEMO": "1"})
    with pytest.raises(RefusedError) as refused:
        server.prepare(chosen, sessions)
    said = str(refused.value)
    assert said.startswith(f"The bundle in {bundle} is refused.\n  {bundle}/")
    assert "form 'verify'" in said
    assert "texts/en.toml" in said


@pytest.mark.parametrize("missing", ["request_type.toml", "process.bpmn", "texts/en.toml"])
def test_a_missing_file_is_a_finding_and_no_crash(missing):
    assert refusals({path: FILES[path] for path in FILES if path != missing})


def test_a_link_brings_in_no_file_from_outside(tmp_path):
    (tmp_path / "secret.toml").write_text("password = 1")
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "request_type.toml").symlink_to(tmp_path / "secret.toml")
    (bundle / "texts").symlink_to(tmp_path)
    assert bundles.read_folder(bundle) == {}


def test_an_end_has_the_status_the_bundle_gives_it(session):
    request_type = builders.address_change(session)
    assert request_type.end_status("EndRejected") is RequestStatus.REJECTED
    assert request_type.end_status("Completed") is RequestStatus.RESOLVED


def test_only_the_newest_version_is_offered(session):
    bundles.deploy(session, FILES, "analyst")
    newer = bundles.deploy(session, changed("texts/en.toml", "Change of", "Change my"), "analyst")
    assert [offered.id for offered in request_types.current(session)] == [newer.id]
