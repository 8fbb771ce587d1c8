"""By which browser and from where somebody signs in, just well enough to know it again.

What a browser says of itself is only ever matched against the names here, never kept as it is.
"""

from ipaddress import ip_address, ip_network

from flask import request

from engine.people.sign_ins import Place
from web.security import caller

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
SHOWN_BITS = {4: 24, 6: 48}  # of an address


def here() -> Place:
    """Where this request comes from."""
    return Place(browser(request.user_agent.string), network(caller()))


def browser(agent: str) -> str | None:
    """The browser and system in words; None for one that is not known."""
    name = next((name for mark, name in BROWSERS if mark in agent), None)
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    return " / ".join(part for part in (name, system) if part) or None


def network(address: str) -> str | None:
    """The network of an address, without the part that names a single line."""
    try:
        known = ip_address(address)
    except ValueError:
        return None
    return str(ip_network((known, SHOWN_BITS[known.version]), strict=False))
