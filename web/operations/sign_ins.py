"""Who is signed in, and ending a sign-in that should not be."""

from uuid import UUID

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from engine.cases import history
from engine.people import sign_ins
from web import access, sessions
from web.account.navigation import OPERATORS
from web.operations.blueprint import blueprint


@blueprint.get("/sign-ins")
@access.roles(*OPERATORS)
def signed_in() -> ResponseReturnValue:
    """Everybody who is signed in, the newest first."""
    found = sign_ins.of_everyone(sessions.reading())
    token = str(session.get(access.TOKEN, ""))
    rows = [(each, account, sign_ins.is_of(each, token)) for each, account in found]
    return render_template("operations/sign_ins.html", rows=rows)


@blueprint.post("/sign-ins/<uuid:sign_in_id>/end")
@access.roles(*OPERATORS)
def end_sign_in(sign_in_id: UUID) -> ResponseReturnValue:
    """End somebody's sign-in; the history tells who did."""
    with sessions.writing() as writing:
        name = sign_ins.end_one(writing, sign_in_id)
        by = access.signed_in().name
        history.record(writing, "account.sign_in_ended", actor=by, account=name)
    flash(_("%(name)s is signed out there.", name=name))
    return redirect(url_for("operations.signed_in"), 303)
