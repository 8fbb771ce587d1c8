"""Brokers are interchangeable, and none holds anything that cannot be lost."""

import json
import urllib.error
import urllib.request

import pytest

from tests.acceptance.crash import processes

# Where the hints cross processes they carry a case by themselves; inside one process the hints of
# this test reach nobody, and the sweeper carries it.
PARTS = {"in process": "up", "redis": "worker", "rabbitmq": "worker"}
APART = ("redis", "rabbitmq")
LEFT_BEHIND = (
    ["application", "proof", "statement", "upload", "upload"],
    [
        *[("acknowledged", channel) for channel in ("mail", "sms", "whatsapp")],
        *[("completed", channel) for channel in ("mail", "sms", "whatsapp")],
        *[("feedback", channel) for channel in ("mail", "sms")],
    ],
)


@pytest.mark.parametrize("name", PARTS)
def test_a_case_goes_through_on_every_broker(install, name):
    installation = install(name)
    installation.start(PARTS[name])
    case = installation.submit()
    installation.await_task(case)
    installation.accept(case)
    installation.await_end(case)
    assert installation.outcome(case) == LEFT_BEHIND
    assert installation.stop() == {PARTS[name]: 0}


@pytest.mark.parametrize("name", APART)
def test_hints_that_are_lost_are_given_again(install, name):
    installation = install(name)
    case = installation.submit()
    lose_hints(installation)
    installation.start("worker", "scheduler")
    installation.await_task(case)
    installation.await_sent()  # a worker killed with work in hand would keep its lease
    installation.kill("worker")
    installation.accept(case)
    lose_hints(installation)
    installation.start("worker")
    installation.await_end(case)
    assert installation.outcome(case) == LEFT_BEHIND


@pytest.mark.parametrize("name", APART)
def test_the_web_is_ready_once_a_scheduler_leads(install, name):
    installation = install(name)
    installation.start("web")
    assert readiness(installation)["scheduler"] == "unavailable"
    installation.start("scheduler")
    wanted = dict.fromkeys(("status", "database", "migrations", "broker", "scheduler"), "ok")
    processes.wait_until(lambda: readiness(installation) == wanted, 20)


def lose_hints(installation):
    processes.wait_until(lambda: installation.queue.count() > 0, 5, "there was no hint")
    installation.queue.lose()
    assert installation.queue.count() == 0


def readiness(installation):
    address = f"http://127.0.0.1:{installation.port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)
