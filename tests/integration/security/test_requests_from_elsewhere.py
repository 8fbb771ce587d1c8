"""Other sites, hostile addresses, and what answers tell the browser."""

import pytest
from flask import Flask
from markupsafe import escape

from engine.people.roles import Role
from tests.integration.portal.browser import photo
from web.access import audience

PLACES = {"token": "A" * 43, "number": "7KQ4M2ZXP", "key": "moving"}
NOBODYS = "00000000-0000-4000-8000-000000000000"
ADDRESSES = [
    *("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"),
    *(
        "/\t/evil.example",
        "\\\\evil.example",
        "///evil.example",
        "http:evil.example",
        " //e.example",
    ),
]


def posts(app: Flask):
    """Every route that takes a post, with its places filled."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            filled = {name: PLACES.get(name, NOBODYS) for name in rule.arguments}
            yield rule.endpoint, adapter.build(rule.endpoint, filled, method="POST")


def test_no_post_is_taken_without_the_pages_token(app, signed_in):
    client = signed_in(Role.EXECUTIVE)
    app.config["WTF_CSRF_ENABLED"] = True
    answers = {name: client.post(address).status_code for name, address in posts(app)}
    assert len(answers) > 15
    assert set(answers.values()) == {400}, answers


def test_every_route_says_who_may_use_it_and_staffs_ask_for_a_sign_in(app):
    client = app.test_client()
    for name, address in posts(app):
        if audience(app, name).roles:
            assert client.post(address).location.startswith("/account/sign-in"), name


@pytest.mark.parametrize("target", ADDRESSES)
def test_nobody_is_led_to_another_site(customer, target):
    answer = customer.post("/preferences", next=target, theme="dark")
    assert answer.location == "/"
    form = {"name": "x", "password": "y", "next": target}
    assert "evil" not in customer.post("/account/sign-in", **form).headers.get("Location", "")


def test_a_forged_host_reaches_no_link_of_a_message(customer, newest_body):
    customer.begin()
    form = {"email": "sample@example.org"}
    cookie = customer.client.get_cookie("draft").value
    customer.client.set_cookie("draft", cookie, domain="evil.example")
    customer.client.post("/draft/later", data=form, base_url="http://evil.example")
    assert "/resume/" in newest_body()
    assert "evil.example" not in newest_body()


@pytest.mark.parametrize("name", ['<img src=x onerror="x()">', "{{ 7 * 7 }}", "[a](javascript:x)"])
def test_a_name_is_shown_as_it_was_typed(customer, signed_in, newest_number, name):
    customer.apply(full_name=name, reason="moved")
    executive = signed_in(Role.EXECUTIVE)
    page = executive.get(f"/inbox/requests/{newest_number()}").text
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page
    assert escape(name) in page


@pytest.mark.parametrize(
    "content", [b"<svg onload=x()/>", b"<html><script>x()</script>", b"GIF89a/*"]
)
def test_an_upload_that_a_browser_would_run_is_refused(customer, content):
    customer.begin()
    customer.fill_in()
    answer = customer.upload("lease", content, "picture.jpg")
    assert answer.status_code == 422
    assert "no file we can read" in answer.text


def test_a_picture_with_a_page_behind_it_is_kept_as_a_picture_alone(customer, newest_upload):
    customer.begin()
    customer.fill_in()
    customer.upload("lease", photo() + b"<script>x()</script>", "../../a<b>.html")
    name, content = newest_upload()
    assert b"<script>" not in content
    assert name == "a_b_.jpg"
