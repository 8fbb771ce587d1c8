"""The message broker of this process: which one, and what may be sent to it.

A message carries an actor's name and an identifier. It is a hint: what has to be done is a row,
so nothing here retries, delays or keeps results. Actors are bound to the broker by name when a
worker starts; none exists at import, so none can end up on dramatiq's default broker.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import dramatiq
import pika.exceptions
import redis
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerError
from dramatiq.middleware import Middleware, TimeLimit

QUEUE = "turnaround"
RUN_JOB = "run_job"
SEND_CORRESPONDENCE = "send_correspondence"

TIME_LIMIT = timedelta(minutes=4)  # shorter than the leases of jobs and of correspondence
PATIENCE = timedelta(seconds=2)  # for a connection: a customer may be waiting for the page
QUIET = timedelta(seconds=10)
DOWN = (BrokerError, redis.RedisError, pika.exceptions.AMQPError, OSError)

Actor = Callable[[str], None]


@dataclass(slots=True)
class _State:
    broker: dramatiq.Broker | None = None
    has_worker: bool = False  # whether this process itself consumes the queue
    quiet_until: float = 0.0  # monotonic seconds; see `hush`


_state = _State()


def configure(url: str | None) -> dramatiq.Broker:
    """Set the broker of this process: the one at `url`, or one inside the process."""
    close()
    chosen = _open(url)
    chosen.declare_queue(QUEUE)
    dramatiq.set_broker(chosen)
    _state.broker, _state.has_worker, _state.quiet_until = chosen, False, 0.0
    return chosen


def current() -> dramatiq.Broker | None:
    """The broker of this process, if it has one."""
    return _state.broker


def bind(broker: dramatiq.Broker, actors: Mapping[str, Actor]) -> None:
    """Let a worker of this process answer messages to these actors."""
    for name, function in actors.items():
        if name not in broker.actors:
            dramatiq.actor(broker=broker, actor_name=name, queue_name=QUEUE)(function)
    _state.has_worker = True


def unbind() -> None:
    """No worker of this process answers any more."""
    _state.has_worker = False


def close() -> None:
    """Let go of the broker's connections; `configure` opens others."""
    known = _state.broker
    _state.broker, _state.has_worker = None, False
    if isinstance(known, RedisBroker):
        known.client.close()
    elif known is not None:
        known.close()


def hush() -> None:
    """Leave the broker alone for a while after a failure: who sends hints has no time to wait."""
    _state.quiet_until = time.monotonic() + QUIET.total_seconds()


def send(actor: str, identifier: UUID) -> None:
    """Hint at a row. Raises one of DOWN; without anybody to hear it, says nothing."""
    if is_heard() and _state.broker is not None:
        _state.broker.enqueue(
            dramatiq.Message(
                queue_name=QUEUE, actor_name=actor, args=(str(identifier),), kwargs={}, options={}
            )
        )


def is_heard() -> bool:
    """Whether a message may reach a worker: one inside the process needs a worker in it."""
    if time.monotonic() < _state.quiet_until:
        return False
    return not isinstance(_state.broker, StubBroker | None) or _state.has_worker


def is_up() -> bool:
    """Whether the broker takes messages now; asked by the readiness check."""
    broker = _state.broker
    try:
        if isinstance(broker, RedisBroker):
            broker.client.ping()
        elif isinstance(broker, RabbitmqBroker):
            broker.connection.process_data_events()
    except DOWN:
        if isinstance(broker, RabbitmqBroker):
            del broker.connection
        return False
    return broker is not None


def _open(url: str | None) -> dramatiq.Broker:
    if url is None:
        return StubBroker(middleware=_middleware())
    if urlsplit(url).scheme in {"redis", "rediss"}:
        seconds = PATIENCE.total_seconds()
        client = redis.Redis.from_url(
            url, socket_connect_timeout=seconds, socket_timeout=5 * seconds
        )
        return RedisBroker(client=client, middleware=_middleware(), namespace=QUEUE)  # type: ignore[no-untyped-call]  # dramatiq's is untyped
    return RabbitmqBroker(url=_with_patience(url), middleware=_middleware())


def _middleware() -> list[Middleware]:
    """Only the time limit: without Retries, a message that failed is acknowledged as well."""
    return [TimeLimit(time_limit=TIME_LIMIT.total_seconds() * 1000)]


def _with_patience(url: str) -> str:
    limits = f"socket_timeout={PATIENCE.seconds}&stack_timeout={2 * PATIENCE.seconds}"
    return f"{url}{'&' if urlsplit(url).query else '?'}{limits}"
