"""Worker threads on each kind of broker: the same actors, the same rows."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from secrets import token_hex
from uuid import uuid4

import pytest
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import dq_name, xq_name

from engine.execution import jobs
from engine.lifecycle import CorrespondenceState, JobState
from engine.settings import SettingsError
from tasks import broker, dispatch, worker
from tests import builders, requirements
from tests.integration.tasks import play
from tests.integration.tasks.waiting import wait_until

OWN_QUEUE = broker.QUEUE
NAMED = ("in process", "redis", "rabbitmq")


@pytest.fixture(params=NAMED)
def broker_url(request, monkeypatch) -> Iterator[str | None]:
    if request.param == "in process":
        yield None
        return
    requirements.demand(request.param)
    monkeypatch.setattr(broker, "QUEUE", f"turnaround-test-{token_hex(4)}")
    yield requirements.URLS[request.param]


def forget(used):
    """Leave no queue of the test behind."""
    if isinstance(used, RedisBroker):
        used.client.delete(*used.client.scan_iter(f"{broker.QUEUE}*"))
    else:
        for name in (broker.QUEUE, dq_name(broker.QUEUE), xq_name(broker.QUEUE)):
            used.channel.queue_delete(name)


@pytest.fixture
def workers(sessions, make_settings):
    """Start workers on a broker; they are stopped after the test."""
    running = []

    def start(url):
        variables = {"BROKER_URL": url} if url else {}
        running.append(worker.start_in_process(make_settings(**variables), sessions))
        return running[-1]

    yield start
    for each in running:
        each.stop(timedelta(seconds=5))
    if broker.QUEUE != OWN_QUEUE:
        forget(broker.current())


def test_a_committed_job_is_done_and_what_follows_too(sessions, broker_url, workers):
    workers(broker_url)
    with dispatch.transaction(sessions) as session:
        case = builders.submitted(session)
    wait_until(lambda: not play.open_jobs(sessions, case))
    wait_until(lambda: states(sessions, case) == {CorrespondenceState.SENT})
    assert len(play.messages(sessions, case)) == 3


@pytest.mark.parametrize("broker_url", NAMED[1:], indirect=True)
def test_a_worker_in_its_own_process_does_the_job_and_ends_when_told(
    sessions, broker_url, database_engine, tmp_path
):
    url = database_engine.url.render_as_string(hide_password=False)
    child = (sys.executable, "-m", "tests.integration.tasks.worker_child")
    with subprocess.Popen([*child, url, tmp_path / "data", broker_url, broker.QUEUE]) as process:
        broker.configure(broker_url)
        with dispatch.transaction(sessions) as session:
            case = builders.submitted(session)
        wait_until(lambda: states(sessions, case) == {CorrespondenceState.SENT})
        process.terminate()
        assert process.wait(20) == 0
    forget(broker.current())


def test_nothing_is_left_in_the_broker_inside_the_process(sessions, workers, case):
    workers(None)
    dispatch.send_jobs(job.id for job in play.open_jobs(sessions, case))
    wait_until(lambda: states(sessions, case) == {CorrespondenceState.SENT})
    inside = broker.current()
    inside.join(broker.QUEUE, timeout=5000)
    assert inside.dead_letters == []
    assert inside.queues[broker.QUEUE].qsize() == 0


def test_what_was_rolled_back_is_never_hinted_at(sessions, monkeypatch):
    sent = []
    monkeypatch.setattr(broker, "send", lambda *hint: sent.append(hint))
    with suppress(ZeroDivisionError), dispatch.transaction(sessions) as session:
        builders.submitted(session)
        _ = 1 / 0
    assert sent == []


def test_a_broker_that_is_down_fails_nobody(sessions, make_settings):
    broker.configure("redis://127.0.0.1:1/0")
    with dispatch.transaction(sessions) as session:
        case = builders.submitted(session)
    assert [job.state for job in play.open_jobs(sessions, case)] == [JobState.AVAILABLE]
    assert not dispatch.broker_is_up()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1"])
def test_a_silent_broker_is_left_alone_for_a_while(url):
    broker.configure(url)
    assert broker.is_heard()
    dispatch.send_jobs([uuid4()])
    assert not broker.is_heard()


def test_leases_of_a_killed_process_are_released_at_start(sessions, case, workers):
    with sessions.begin() as session:
        (waiting,) = builders.open_jobs(session, case)
        jobs.claim(session, waiting.id)
    workers(None)
    dispatch.send_jobs([waiting.id])
    wait_until(lambda: play.job(sessions, waiting.id).state is JobState.COMPLETED)


def test_a_worker_of_its_own_needs_a_broker(make_settings):
    with pytest.raises(SettingsError, match="BROKER_URL"):
        worker.run(make_settings(), "postgresql+psycopg://nowhere/nothing")


def test_without_a_worker_the_broker_inside_keeps_nothing(sessions, case):
    broker.configure(None)
    dispatch.send_jobs(job.id for job in play.open_jobs(sessions, case))
    assert broker.current().queues[broker.QUEUE].qsize() == 0


def states(sessions, case):
    return {message.state for message in play.messages(sessions, case)}
