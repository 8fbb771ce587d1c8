"""The blueprint of the operations pages."""

from flask import Blueprint

blueprint = Blueprint("operations", __name__, url_prefix="/operations")
