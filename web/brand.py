"""The provider's name, logo and contacts, as every page shows them."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, send_file, url_for

from engine.errors import NotFoundError
from engine.settings import Settings
from web import access, security

KINDS = {".svg": "image/svg+xml", ".png": "image/png"}
ONE_DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Provider:
    """Who offers the service."""

    name: str
    email: str | None
    phone: str | None
    address: str | None
    logo: Path | None

    @property
    def logo_url(self) -> str | None:
        """Where the logo is served, if there is one."""
        return url_for("logo") if self.logo else None


def show(app: Flask, settings: Settings) -> None:
    """Give templates the provider, and serve its logo."""
    provider = Provider(
        settings.provider_name,
        settings.provider_email,
        settings.provider_phone,
        settings.provider_address,
        settings.provider_logo,
    )
    app.jinja_env.globals.update(provider=provider, demo=settings.demo)

    @app.get("/brand/logo", endpoint="logo")
    @access.public
    def logo() -> Response:
        if provider.logo is None:
            raise NotFoundError
        security.policy(security.PREVIEW)
        kind = KINDS.get(provider.logo.suffix.lower(), "application/octet-stream")
        return send_file(provider.logo.resolve(), mimetype=kind, max_age=ONE_DAY)
