"""A bundle may be wrong or hostile: it is refused, or hurts nobody but its own service."""

import pytest
from sqlalchemy import select

from engine import settings
from engine.definitions import bundles
from engine.definitions.errors import RefusedError
from engine.store import Account, transaction
from tests.integration.portal.conftest import MOVING
from web import server

SETTINGS = "request_type.toml"


def variant(path, old, new):
    files = bundles.read_folder(MOVING)
    assert old.encode() in files[path]
    return {**files, path: files[path].replace(old.encode(), new.encode())}


@pytest.mark.parametrize("icon", ["../../../../secret", "nothing", "\\u0000", "x" * 300])
def test_a_services_icon_is_one_of_ours_or_the_usual_one(app, customer, sessions, icon):
    with transaction(sessions) as session:
        bundles.deploy(
            session, variant("texts/en.toml", "name = ", f'icon = "{icon}"\nname = '), "analyst"
        )
    for address in ("/", "/apply/moving"):
        assert customer.get(address).status_code == 200


@pytest.mark.parametrize("locales", ["[]", '"en"', "[1]", '["../en"]', '["en", "\\u0000"]'])
def test_a_bundle_without_a_language_is_refused(session, locales):
    files = variant(SETTINGS, 'locales = ["en"]', f"locales = {locales}")
    with pytest.raises(RefusedError):
        bundles.deploy(session, files, "analyst")


@pytest.mark.parametrize("key", ["a/b", "", "../x", "a\\u0000", "A b", "x" * 100])
def test_a_bundle_whose_key_is_no_part_of_an_address_is_refused(session, key):
    with pytest.raises(RefusedError):
        bundles.deploy(session, variant(SETTINGS, 'key = "moving"', f'key = "{key}"'), "analyst")


@pytest.mark.parametrize(("demo", "made"), [("0", False), ("1", True)])
def test_a_password_for_the_demo_makes_no_accounts_where_no_demo_is(
    sessions, tmp_path, demo, made
):
    environ = {
        "TURNAROUND_DATA": str(tmp_path),
        "TURNAROUND_DEMO": demo,
        "TURNAROUND_DEMO_PASSWORD": "left over from a trial",
        "TURNAROUND_KEY_PASSPHRASE": "correct horse battery",
    }
    server.prepare(settings.load(environ), sessions)
    with sessions() as session:
        assert bool(session.scalars(select(Account)).all()) is made
