"""The blueprint of signing in and of what belongs to one's own account."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")
