"""Every route says who may use it, and is refused to everybody else."""

from uuid import UUID

import pytest

from engine.people.roles import Role
from web import access

SOME_ID = UUID(int=7)
FILL = {"uuid": SOME_ID, "default": "7KQ4-M2ZX-P", "int": 1, "path": "a/b", "string": "x"}


def routes(app):
    """Every rule with an address made of it and each method it takes."""
    for rule in app.url_map.iter_rules():
        kinds = {name: type(kind).__name__ for name, kind in rule._converters.items()}
        values = {name: _value(kind) for name, kind in kinds.items()}
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, address


def _value(kind):
    return FILL[kind.removesuffix("Converter").lower().replace("unicode", "default")]


def test_every_route_declares_who_may_use_it(app):
    undeclared = [name for name in app.view_functions if access.audience(app, name) is None]
    assert undeclared == []


def test_an_undeclared_route_stops_the_start(app):
    app.view_functions["stray"] = lambda: "stray"
    with pytest.raises(TypeError, match="stray"):
        access.guard(app)


def test_strangers_are_sent_to_the_sign_in_page_by_every_route_of_staff(app):
    client = app.test_client()
    for endpoint, method, address in routes(app):
        if access.audience(app, endpoint).roles:
            answer = client.open(address, method=method)
            assert (answer.status_code, answer.location.partition("?")[0]) == (
                303,
                "/account/sign-in",
            ), address


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_exactly_the_routes_that_name_it(app, signed_in, role):
    client = signed_in(role)
    for endpoint, method, address in routes(app):
        declared = access.audience(app, endpoint)
        if declared.roles:
            status = client.open(address, method=method).status_code
            assert (status == 403) == (role not in declared.roles), (address, status)


def test_without_a_customers_cookie_no_route_of_customers_shows_anything(app):
    client = app.test_client()
    for endpoint, method, address in routes(app):
        if access.audience(app, endpoint) is access.CUSTOMER:
            status = client.open(address, method=method).status_code
            assert status in {302, 303, 403, 404, 410}, (method, address, status)
