"""Sign-in with a rate limit per account and address; the session is rotated when it succeeds."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases import history
from engine.people import accounts, sign_ins
from web import access, sessions, targets
from web.account import places_of_visitors
from web.account.blueprint import blueprint
from web.account.navigation import places
from web.security import caller, limiter


@blueprint.app_context_processor
def _navigation() -> dict[str, object]:
    return {"navigation": lambda: places(access.account())}


def _name_and_address() -> str:
    name = request.form.get("name", "").strip().casefold()
    return f"{name[:100]}@{caller()}"


@blueprint.get("/sign-in")
@access.public
def sign_in() -> ResponseReturnValue:
    """The form, or straight on for who is signed in."""
    if access.account():
        return redirect(targets.safe(request.args.get("next"), url_for("account.home")), 303)
    return _form()


@blueprint.post("/sign-in")
@access.public
@limiter.limit("5/minute; 30/hour", key_func=_name_and_address)
@limiter.limit("30/minute")
def enter() -> ResponseReturnValue:
    """Check name and password; say the same whichever of them is wrong."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    with sessions.writing() as writing:
        account = accounts.authenticate(writing, name, password)
        if account is None:
            return _form(_("Name or password is not right.")), 422
        sign_ins.end(writing, session.get(access.TOKEN, ""))
        token = sign_ins.open(writing, account, places_of_visitors.here())
        history.record(writing, "account.signed_in", actor=account.name)
    session.clear()
    session[access.TOKEN] = token
    return redirect(targets.safe(request.form.get("next"), url_for("account.home")), 303)


@blueprint.post("/sign-out")
@access.public
def sign_out() -> ResponseReturnValue:
    """End the sign-in of this browser, here and in the table."""
    token = session.get(access.TOKEN)
    if token:
        with sessions.writing() as writing:
            sign_ins.end(writing, token)
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("account.sign_in"), 303)


@blueprint.get("")
@access.roles(*access.STAFF)
def home() -> ResponseReturnValue:
    """The first place this account may go to, or a page that says there is none yet."""
    known = places(access.account())
    if known:
        return redirect(known[0].address, 303)
    return render_template("account/home.html")


def _form(problem: str | None = None) -> str:
    return render_template(
        "account/sign_in.html",
        problem=problem,
        name=request.form.get("name", ""),
        next=request.values.get("next", ""),
    )
