"""The inbox's blueprint, and who may look and who may act."""

from flask import Blueprint

from engine.people.roles import WORKERS
from web.account.navigation import READERS

__all__ = ["READERS", "WORKERS", "blueprint"]

blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
