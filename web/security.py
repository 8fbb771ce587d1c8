"""Protection every page has: CSRF tokens, rate limits, headers, cookies.

The Content-Security-Policy knows no inline script or style. Only the editors' pages and the
preview of a stored document ask for their own, by `policy`.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, ip_address, ip_network

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.settings import Settings

MEGABYTE = 1024 * 1024
PAGE: Mapping[str, str] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
EDITOR = {**PAGE, "style-src": "'self' 'unsafe-inline'"}  # bpmn.io's editors set inline styles
PREVIEW = {  # a stored document inside one of our own pages: it may load nothing
    "sandbox": "",  # of the answer, not of the frame: browsers show no PDF in a sandboxed frame
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000  # seconds
HOUSEHOLD = 64  # bits of an IPv6 address that its holder cannot choose


def caller() -> str:
    """Whose limits a request counts for: the address, of IPv6 the network one household has."""
    address = request.remote_addr or "127.0.0.1"
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:  # a proxy's word for a caller it does not name
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    mapped = known.ipv4_mapped
    return str(mapped or ip_network((known, HOUSEHOLD), strict=False))


csrf = CSRFProtect()
limiter = Limiter(
    caller,
    headers_enabled=True,
    in_memory_fallback_enabled=True,
    strategy="moving-window",
)


def protect(app: Flask, settings: Settings) -> None:
    """Configure and install all protections."""
    https = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="turnaround",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        MAX_CONTENT_LENGTH=3 * settings.upload_max_bytes + MEGABYTE,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: forms are filled in slowly
        WTF_CSRF_SSL_STRICT=False,  # asks for a Referer, which our Referrer-Policy withholds
        RATELIMIT_STORAGE_URI=_limits_storage(settings),
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_strict_transport if https else _add_headers)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def policy(directives: Mapping[str, str]) -> None:
    """Answer this request with another Content-Security-Policy."""
    g.policy = directives


def cookie_flags(settings: Settings) -> dict[str, bool | str]:
    """What every cookie of ours is set with."""
    return {
        "httponly": True,
        "samesite": "Lax",
        "secure": settings.public_url.startswith("https://"),
    }


def _limits_storage(settings: Settings) -> str:
    """Counters are shared where there is a Redis to share them."""
    url = settings.broker_url or ""
    return url if url.startswith(("redis://", "rediss://")) else "memory://"


def _add_headers(response: Response) -> Response:
    directives = g.get("policy", PAGE)
    text = "; ".join(f"{name} {value}".strip() for name, value in directives.items())
    response.headers.setdefault("Content-Security-Policy", text)
    framed = "SAMEORIGIN" if directives is PREVIEW else "DENY"
    response.headers.setdefault("X-Frame-Options", framed)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _add_strict_transport(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}")
    return _add_headers(response)
