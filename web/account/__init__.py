"""Signing in and out, and where each role starts."""

from web.account.routes import blueprint

__all__ = ["blueprint"]
