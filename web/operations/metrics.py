"""`/metrics` in Prometheus' text format: what waits in the database, and what this process did.

Each process counts its own requests and jobs; the numbers of the database are the same in all.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Lock

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy.exc import SQLAlchemyError

from engine.execution import gauges
from engine.settings import Settings
from web import access, installation, sessions
from web.operations.health import blueprint

KEPT = 5.0  # seconds that numbers of the database are given out again
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FORWARDED = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP")
EXTENSION = "turnaround-metrics"
LABELS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "jobs": ("Jobs that are not done, by type and state.", ("type", "state")),
    "jobs_late": ("Jobs due for more than ten seconds that nobody has taken.", ()),
    "timers_late": ("Timers due for more than ten seconds.", ()),
    "timers_lateness_seconds": ("By how much the latest timer is late.", ()),
    "incidents": ("Open incidents, by kind.", ("kind",)),
    "cases": ("Cases that have not ended, by state.", ("state",)),
    "user_tasks": ("Open tasks, by queue and state.", ("queue", "state")),
    "messages": ("Messages queued or failed, by channel and state.", ("channel", "state")),
}
REQUESTS = Histogram(
    "turnaround_http_request_seconds",
    "Time to answer requests, by method, pattern of the address and status.",
    ("method", "route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@dataclass(slots=True)
class Kept:
    """The last answer of the database, and when it was had."""

    at: float = float("-inf")
    text: bytes = b""
    lock: Lock = field(default_factory=Lock)


def count_requests(app: Flask) -> None:
    """Measure every request of the application."""
    app.extensions[EXTENSION] = Kept()

    @app.after_request
    def counted(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        took = time.perf_counter() - g.get("began", time.perf_counter())
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, rule, response.status_code).observe(took)
        return response


@blueprint.get("/metrics")
@access.public
def metrics() -> ResponseReturnValue:
    """All numbers, for whoever may read them."""
    if not _may_read(installation.current().settings):
        return Response("Send METRICS_TOKEN as a bearer token.\n", 401, mimetype="text/plain")
    return Response(_of_database() + generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)


def _may_read(settings: Settings) -> bool:
    """With the token; in a demo whoever is on this machine, if no proxy stands between."""
    if settings.metrics_token is not None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        same = secrets.compare_digest(given.encode(), settings.metrics_token.encode())
        return scheme.lower() == "bearer" and same
    direct = not any(name in request.headers for name in FORWARDED)
    here = ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 -- nobody
    return settings.demo and direct and here


def _of_database() -> bytes:
    """The database's numbers, asked for at most every few seconds."""
    kept: Kept = current_app.extensions[EXTENSION]
    with kept.lock:
        if time.monotonic() > kept.at + KEPT:
            kept.text, kept.at = _asked(), time.monotonic()
        return kept.text


def _asked() -> bytes:
    registry = CollectorRegistry()
    answered = Gauge(
        "turnaround_database_answers", "1 if the database gave its numbers.", registry=registry
    )
    known = {
        name: Gauge(f"turnaround_{name}", text, labels, registry=registry)
        for name, (text, labels) in LABELS.items()
    }
    try:
        found = gauges.read(sessions.reading())
        answered.set(1)
    except SQLAlchemyError:
        found = []
    finally:
        sessions.let_go()
    for each in found:
        labels = [label for label in (each.first, each.second) if label is not None]
        metric = known[each.name]
        (metric.labels(*labels) if labels else metric).set(each.value)
    return generate_latest(registry)
