"""What keeps the installation running: health for monitors, and for people what stands still."""

from web.operations import incidents, instances, outbox, overview, sign_ins, work
from web.operations.blueprint import blueprint

__all__ = ["blueprint", "incidents", "instances", "outbox", "overview", "sign_ins", "work"]
