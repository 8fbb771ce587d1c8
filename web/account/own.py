"""One's own account: where it is signed in, and its password."""

from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.errors import InvalidError
from engine.people import accounts, passwords, sign_ins
from web import access, sessions
from web.account.blueprint import blueprint
from web.security import limiter


@blueprint.get("/security")
@access.roles(*access.STAFF)
def security() -> ResponseReturnValue:
    """Sign-ins and password."""
    return _page()


@blueprint.post("/security/sign-ins/<uuid:sign_in_id>/end")
@access.roles(*access.STAFF)
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    with sessions.writing() as writing:
        sign_ins.end_one(writing, sign_in_id, access.signed_in())
    flash(_("That browser is signed out."))
    return redirect(url_for("account.security"), 303)


@blueprint.post("/security/sign-ins/end-others")
@access.roles(*access.STAFF)
def end_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    with sessions.writing() as writing:
        sign_ins.end_others(writing, access.signed_in(), _token())
    flash(_("You are signed out everywhere but here."))
    return redirect(url_for("account.security"), 303)


@blueprint.post("/security/password")
@access.roles(*access.STAFF)
@limiter.limit("5/minute; 30/hour", key_func=lambda: access.signed_in().name)
def change_password() -> ResponseReturnValue:
    """Take a new password; every other browser is signed out."""
    chosen = request.form.get("password", "")
    if chosen != request.form.get("again", ""):
        return _page(_("The two new passwords differ. Type the same twice.")), 422
    try:
        with sessions.writing() as writing:
            accounts.change_password(
                writing, access.signed_in(), request.form.get("current", ""), chosen, _token()
            )
    except InvalidError as error:
        return _page(str(error)), 422
    flash(_("Your password is changed. Every other browser is signed out."))
    return redirect(url_for("account.security"), 303)


def _page(problem: str = "") -> str:
    found = sign_ins.of_account(sessions.reading(), access.signed_in())
    return render_template(
        "account/security.html",
        sign_ins=[(each, sign_ins.is_of(each, _token())) for each in found],
        problem=problem,
        least=passwords.LEAST_LENGTH,
        most=passwords.MOST_LENGTH,
    )


def _token() -> str:
    return str(session.get(access.TOKEN, ""))
