"""Installations on a fresh, migrated database, one for each kind of broker."""

import subprocess

import pytest

from engine.store import connect
from tasks import broker
from tests import database, requirements
from tests.acceptance.crash import processes
from tests.integration.brokers.installation import Installation
from tests.integration.brokers.queues import RabbitQueue, RedisQueue

QUEUES = {"redis": RedisQueue, "rabbitmq": RabbitQueue}


@pytest.fixture(scope="package")
def compiled(tmp_path_factory):
    """Where all processes keep compiled modules, so that only the first is slow."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def install(tmp_path, server_url, compiled):
    """Make installations; everything of theirs is ended after the test."""
    installed = []
    with database.fresh_database(server_url) as url:
        sessions = connect(url, pool_size=2)

        def make(name):
            queue = _queue(name)
            variables = processes.environment(
                tmp_path, DATABASE_URL=url, PYTHONPYCACHEPREFIX=str(compiled)
            )
            if queue is not None:
                variables["BROKER_URL"] = queue.url
            migrate(tmp_path, variables)
            broker.configure(queue and queue.url)
            installed.append(Installation(tmp_path, sessions, queue, variables))
            return installed[-1]

        yield make
        for each in installed:
            each.stop()
            broker.close()
            if each.queue is not None:
                each.queue.close()
        sessions.kw["bind"].dispose()


def migrate(folder, variables):
    subprocess.run(
        [processes.COMMAND, "migrate"], check=True, env=variables, cwd=folder, capture_output=True
    )


def _queue(name):
    if name not in QUEUES:
        return None
    requirements.demand(name)
    return QUEUES[name]()
