"""Signing in and out, one's own sign-ins and password, and where each role starts."""

from web.account import own, routes
from web.account.blueprint import blueprint

__all__ = ["blueprint", "own", "routes"]
