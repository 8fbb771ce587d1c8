"""The queue of each broker seen from outside: how many hints it holds, and losing them."""

import pika
import redis

from tasks import broker
from tests import requirements

DATABASES = 16  # as Redis is shipped


class RedisQueue:
    """A database of its own, so that nobody else's keys are touched."""

    def __init__(self):
        self.url = next(
            url
            for url in (self._of(number) for number in reversed(range(DATABASES)))
            if not redis.Redis.from_url(url).dbsize()
        )
        self._client = redis.Redis.from_url(self.url)

    def count(self):
        return self._client.llen(f"{broker.QUEUE}:{broker.QUEUE}")

    def lose(self):
        self._client.flushdb()

    def close(self):
        self._client.flushdb()
        self._client.close()

    def _of(self, number):
        return requirements.URLS["redis"].removesuffix("/0") + f"/{number}"


class RabbitQueue:
    """The product's queue; it is removed afterwards."""

    def __init__(self):
        self.url = requirements.URLS["rabbitmq"]
        self._connection = pika.BlockingConnection(pika.URLParameters(self.url))
        self._channel = self._connection.channel()

    def count(self):
        found = self._channel.queue_declare(broker.QUEUE, passive=True)
        return found.method.message_count

    def lose(self):
        self._channel.queue_purge(broker.QUEUE)

    def close(self):
        for name in (broker.QUEUE, f"{broker.QUEUE}.DQ", f"{broker.QUEUE}.XQ"):
            self._channel.queue_delete(name)
        self._connection.close()
