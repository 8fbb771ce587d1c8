"""Who may use a route: every view says so, and the application refuses to start if one does not.

    @blueprint.get("/inbox")
    @access.roles(*WORKERS)
    def my_tasks(): ...

`public` is for everybody. `customer` is for whoever holds a customer's cookie or link, which the
view itself checks. `roles` is for signed-in accounts with one of the roles.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import NotAllowedError
from engine.people import sign_ins
from engine.people.roles import Role
from engine.store import Account
from web import sessions

TOKEN = "sign_in"  # noqa: S105 -- the key in the cookie session, not a secret
_ATTRIBUTE = "audience"

View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may use a route; `roles` empty means that no sign-in is asked for."""

    name: str
    roles: frozenset[Role] = frozenset()

    def admits(self, held: Collection[str]) -> bool:
        """Whether an account with these roles may."""
        return not self.roles or any(role in held for role in self.roles)


PUBLIC = Audience("public")
CUSTOMER = Audience("customer")
STAFF = frozenset(Role)


def public(view: View) -> View:
    """Everybody may use this route."""
    return _declare(view, PUBLIC)


def customer(view: View) -> View:
    """Whoever holds a customer's cookie or link may; the view checks which."""
    return _declare(view, CUSTOMER)


def roles(*allowed: Role) -> Callable[[View], View]:
    """Signed-in accounts with one of these roles may use this route."""
    return lambda view: _declare(view, Audience("roles", frozenset(allowed)))


def audience(app: Flask, endpoint: str) -> Audience | None:
    """What the view of an endpoint declares."""
    return getattr(app.view_functions[endpoint], _ATTRIBUTE, None)


def account() -> Account | None:
    """Who is signed in with this browser."""
    if "account" not in g:
        g.account = _found(session.get(TOKEN))
    known: Account | None = g.account
    return known


def _found(token: str | None) -> Account | None:
    """Who has this token; that they are here is noted now and then."""
    found = sign_ins.look(sessions.reading(), token) if token else None
    if found is None or token is None:
        return None
    known, unseen = found
    if unseen:
        with sessions.writing() as writing:
            sign_ins.see(writing, token)
    return known


def signed_in() -> Account:
    """The signed-in account; for views that declared roles."""
    known = account()
    if known is None:
        raise NotAllowedError
    return known


def guard(app: Flask) -> None:
    """Refuse to serve an undeclared route, and each route to all it is not for."""
    undeclared = [name for name in app.view_functions if audience(app, name) is None]
    if undeclared:
        raise TypeError(f"Routes that do not say who may use them: {', '.join(undeclared)}")
    app.before_request(_admit)


def _admit() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    declared = audience(current_app, request.endpoint)
    if declared is None or not declared.roles:
        return None
    known = account()
    if known is None:
        return _to_sign_in()
    if not declared.admits(known.roles):
        raise NotAllowedError("Your account does not open this page.")
    return None


def _to_sign_in() -> AnyResponse:
    """Send to the sign-in page and back afterwards; a fragment makes the whole page go."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("account.sign_in", next=back)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("account.sign_in")})
    return redirect(target, 303)


def _declare(view: View, who: Audience) -> View:
    setattr(view, _ATTRIBUTE, who)
    return view
