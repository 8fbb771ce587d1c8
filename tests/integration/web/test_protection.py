"""What every answer carries, and how errors help."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from engine import settings
from engine.people.roles import Role
from web import access, request_log
from web.app import create_app


@pytest.fixture
def strict(sessions, tmp_path) -> Flask:
    """An application as it runs in production behind HTTPS."""
    environ = {
        "TURNAROUND_DATA": str(tmp_path),
        "TURNAROUND_KEY_PASSPHRASE": "correct horse battery",
        "PUBLIC_URL": "https://service.example",
        "TRUSTED_PROXIES": "1",
    }
    return create_app(settings.load(environ), sessions)


def test_pages_forbid_inline_scripts_and_styles_and_foreign_frames(app):
    policy = app.test_client().get("/account/sign-in").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_links_never_tell_other_sites_where_somebody_came_from(app):
    headers = app.test_client().get("/account/sign-in").headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_behind_https_browsers_are_told_to_stay_there(strict):
    answer = strict.test_client().get("/account/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_a_post_without_its_token_is_refused_with_what_to_do(strict):
    answer = strict.test_client().post("/account/sign-in", data={"name": "executive"})
    assert answer.status_code == 400
    assert "Go back, reload the page" in answer.text


@pytest.mark.parametrize(
    ("method", "address", "status", "words"),
    [
        ("GET", "/no/such/page", 404, "There is nothing here"),
        ("POST", "/healthz", 405, "That does not work this way"),
    ],
)
def test_an_error_page_says_what_happened_and_what_to_do(app, method, address, status, words):
    answer = app.test_client().open(address, method=method)
    assert answer.status_code == status
    assert words in answer.text


def test_a_body_that_is_too_large_is_refused_in_words(app):
    app.config["MAX_CONTENT_LENGTH"] = 100
    answer = app.test_client().post("/account/sign-in", data={"name": "x" * 200})
    assert answer.status_code == 413
    assert "The file is too large" in answer.text


def test_a_fault_of_ours_shows_nothing_of_the_inside(app):
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.view_functions["health.up"] = access.public(lambda: 1 / 0)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_lost_database_is_an_answer_that_asks_to_try_again(app):
    def lost():
        raise OperationalError("select 1", {}, ConnectionError())

    app.view_functions["health.up"] = access.public(lost)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "not available right now" in answer.text


def test_programs_get_errors_as_json(app):
    answer = app.test_client().get("/no/such/page", headers={"Accept": "application/json"})
    assert answer.json["status"] == 404


def test_htmx_shows_an_error_as_the_whole_page(app):
    answer = app.test_client().get("/no/such/page", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "body"


def test_a_line_of_the_log_names_the_route_and_never_the_address(app, caplog, signed_in):
    with caplog.at_level(logging.INFO, logger=request_log.__name__):
        signed_in(Role.EXECUTIVE).get("/inbox/requests/7KQ4M2ZXP?secret=token")
    (line,) = [r for r in caplog.records if getattr(r, "route", "").startswith("/inbox")]
    assert line.route == "/inbox/requests/<number>"
    assert "7KQ4M2ZXP" not in str(vars(line))


def test_a_proxys_request_number_is_taken_over_if_it_is_one(strict):
    client = strict.test_client()
    given = client.get("/healthz", headers={"X-Request-ID": "abcdef-0123456789"})
    assert given.headers["X-Request-ID"] == "abcdef-0123456789"
    forged = client.get("/healthz", headers={"X-Request-ID": "x y"})
    assert forged.headers["X-Request-ID"] != "x y"


def test_hashed_assets_are_kept_for_ever_and_others_are_not(app):
    page = app.test_client().get("/account/sign-in").text
    hashed = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in headers_of(app, hashed)["Cache-Control"]
    assert "immutable" not in headers_of(app, "/static/theme.js")["Cache-Control"]
    assert headers_of(app, hashed)["X-Content-Type-Options"] == "nosniff"


def headers_of(app, address):
    with app.test_client().get(address) as answer:  # a file stays open until it is read
        answer.get_data()
        return answer.headers
