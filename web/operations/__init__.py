"""What keeps the installation running: health for monitors, the outbox for people."""

from web.operations.routes import blueprint

__all__ = ["blueprint"]
