"""Light or dark, and the language, as a visitor chose them."""

import pytest


def test_a_chosen_theme_stays(app):
    client = app.test_client()
    assert 'data-theme="auto"' in client.get("/account/sign-in").text
    chosen = client.post("/preferences", data={"theme": "dark", "next": "/account/sign-in"})
    assert chosen.location == "/account/sign-in"
    assert 'data-bs-theme="dark"' in client.get("/account/sign-in").text


@pytest.mark.parametrize("form", [{"theme": "pink"}, {"locale": "xx"}])
def test_a_choice_that_there_is_not_is_refused(app, form):
    assert app.test_client().post("/preferences", data=form).status_code == 422


def test_a_choice_never_leads_to_another_site(app):
    form = {"theme": "dark", "next": "//evil.example"}
    assert app.test_client().post("/preferences", data=form).location == "/"
