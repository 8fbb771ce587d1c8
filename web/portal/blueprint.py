"""The blueprint that all customer pages hang on."""

from flask import Blueprint

blueprint = Blueprint("portal", __name__)
