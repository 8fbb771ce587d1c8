"""Pages without assets, while they are not built."""

from markupsafe import Markup


def icon(name: str) -> Markup:  # noqa: ARG001
    return Markup("")


def bundle(entry: str) -> Markup:  # noqa: ARG001
    return Markup("")
