"""The customer's side: choose, apply, sign, follow, supply, give feedback.

Nothing here asks for an account. What a customer may see hangs on a cookie that was swapped for
a one-time code or a link, and each cookie opens exactly one draft or one request.
"""

from web.portal import (
    application,
    catalogue,
    confirmation,
    consent,
    feedback,
    identity,
    proof,
    receipt,
    resume,
    review,
    sign,
    supply,
    tracking,
    uploads,
)
from web.portal.blueprint import blueprint

__all__ = [
    "application",
    "blueprint",
    "catalogue",
    "confirmation",
    "consent",
    "feedback",
    "identity",
    "proof",
    "receipt",
    "resume",
    "review",
    "sign",
    "supply",
    "tracking",
    "uploads",
]
