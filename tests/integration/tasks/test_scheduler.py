"""The scheduler: one leads, what is due happens, what was lost is offered again."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select, text

from engine import clock
from engine.cases import links
from engine.execution import incidents, timers
from engine.lifecycle import TimerState
from engine.store import Timer
from tasks import beat, broker, dispatch, scheduler
from tasks import due_timers as due_timers_module
from tasks.attempts import Attempts
from tasks.due_timers import DueTimers
from tasks.scheduler import Scheduler
from tests import builders
from tests.integration.tasks import play
from tests.integration.tasks.waiting import wait_until

LATER = timedelta(minutes=1)
LEVEL_1 = timedelta(days=4, seconds=5)


@pytest.fixture
def hints(monkeypatch):
    """The hints that are sent, instead of a broker."""
    sent = []
    monkeypatch.setattr(broker, "send", lambda actor, row: sent.append((actor, row)))
    monkeypatch.setattr(broker, "is_heard", lambda: True)
    return sent


@pytest.fixture
def working(sessions, case):
    """A case that waits for a person and for its timers."""
    play.run_first(sessions, case)
    return case


@pytest.fixture
def run(monkeypatch):
    """Run schedulers in threads of their own; ends them all."""
    monkeypatch.setattr(scheduler, "STANDBY", timedelta(milliseconds=50))
    monkeypatch.setattr(scheduler, "AWAY", timedelta(milliseconds=50))
    running = []

    def start(sessions):
        ending = Event()
        thread = Thread(target=Scheduler(sessions).run, args=(ending,))
        thread.start()
        running.append((thread, ending))
        return ending

    yield start
    for thread, ending in running:
        ending.set()
        thread.join(10)


def age(sessions):
    with sessions() as session:
        return dispatch.scheduler_age(session)


@pytest.fixture
def due_timers(sessions):
    attempts = Attempts()
    yield DueTimers(sessions, attempts)
    attempts.close()


def test_due_timers_fire(sessions, working, due_timers):
    with clock.moved_by(LEVEL_1):
        assert due_timers.fire() == 1
    assert [job.type for job in play.open_jobs(sessions, working)] == ["escalate"]


def test_timers_that_are_not_due_cost_nothing(working, due_timers):
    assert due_timers.fire() == 0


@pytest.fixture
def broken(monkeypatch):
    """Let one of the due timers fail as no one foresaw."""
    fire, first = timers.fire, []

    def fails_for_the_first(session, timer_id):
        first.append(timer_id)
        if timer_id == first[0]:
            raise KeyError("unforeseen")
        return fire(session, timer_id)

    monkeypatch.setattr(timers, "fire", fails_for_the_first)
    return first


def test_a_timer_that_cannot_fire_stops_no_other(sessions, working, due_timers, broken):
    with clock.moved_by(timedelta(days=8)):
        assert due_timers.fire() == 3
    with sessions() as session:
        fired = session.scalars(select(Timer.id).where(Timer.state == TimerState.TRIGGERED)).all()
    assert len(fired) == 2


def test_a_timer_that_cannot_fire_is_an_incident_once(sessions, working, due_timers, broken):
    with clock.moved_by(timedelta(days=8)):
        due_timers.fire()
    with clock.moved_by(timedelta(days=9)):
        assert due_timers.fire() == 1
    with sessions() as session:
        (incident,) = incidents.open_incidents(session)
    assert (incident.kind, incident.message) == ("timer_failed", "KeyError: 'unforeseen'")


def test_a_timer_that_failed_is_left_alone_for_a_while(working, due_timers, broken):
    with clock.moved_by(timedelta(days=8)):
        due_timers.fire()
        assert due_timers.fire() == 0


def test_a_full_batch_asks_for_another_pass_at_once(sessions, working, monkeypatch):
    monkeypatch.setattr(due_timers_module, "BATCH", 2)
    sweeping = Scheduler(sessions)
    with clock.moved_by(timedelta(days=8)):
        assert [sweeping.step(), sweeping.step()] == [True, False]


def test_housekeeping_that_fails_stops_nobody(sessions, monkeypatch, caplog):
    monkeypatch.setattr(links, "expire", lambda _session: {}["unforeseen"])
    Scheduler(sessions).step()
    assert "housekeeping_failed" in caplog.text


def test_a_job_whose_hint_was_lost_is_offered_again(sessions, case, hints):
    with clock.moved_by(LATER):
        Scheduler(sessions).step()
    (waiting,) = play.open_jobs(sessions, case)
    assert hints == [(broker.RUN_JOB, waiting.id)]


def test_a_message_whose_hint_was_lost_is_offered_again(sessions, working, hints):
    with clock.moved_by(LATER):
        Scheduler(sessions).step()
    offered = {row for actor, row in hints if actor == broker.SEND_CORRESPONDENCE}
    assert offered == {message.id for message in play.messages(sessions, working)}


def test_after_a_start_everything_due_is_offered_at_once(sessions, case, hints):
    Scheduler(sessions).step()
    assert len(hints) == 1


def test_a_fresh_job_is_left_to_its_own_hint(sessions, hints):
    sweeping = Scheduler(sessions)
    sweeping.step()
    with sessions.begin() as session:
        builders.submitted(session)
    sweeping.step()
    assert hints == []


def test_while_nobody_hears_nothing_counts_as_offered(sessions, case, hints, monkeypatch):
    sweeping = Scheduler(sessions)
    with monkeypatch.context() as silent:
        silent.setattr(broker, "is_heard", lambda: False)
        sweeping.step()
    assert hints == []
    sweeping.step()
    assert len(hints) == 1


def test_what_was_just_offered_is_not_offered_again(sessions, case, hints):
    sweeping = Scheduler(sessions)
    with clock.moved_by(LATER):
        sweeping.step()
        sweeping.step()
    assert len(hints) == 1


def test_one_of_two_leads_and_the_other_takes_over(sessions, run):
    first = run(sessions)
    wait_until(lambda: leader(sessions) is not None)
    leading = leader(sessions)
    run(sessions)
    assert leader(sessions) == leading
    first.set()
    wait_until(lambda: leader(sessions) not in (None, leading), "the second does not take over")


def test_a_lost_connection_is_made_again(sessions, run):
    run(sessions)
    wait_until(lambda: age(sessions) is not None)
    before = leader(sessions)
    with sessions.begin() as session:
        session.execute(text("select pg_terminate_backend(:pid)"), {"pid": before})
    wait_until(lambda: leader(sessions) not in (None, before))


def test_the_beat_stops_with_the_scheduler(sessions, run):
    ending = run(sessions)
    wait_until(lambda: age(sessions) is not None and age(sessions) < timedelta(seconds=3))
    ending.set()
    wait_until(lambda: age(sessions) is None)


def leader(sessions):
    with sessions() as session:
        held = text("select pid from pg_locks where locktype = 'advisory' and objid = :key")
        return session.execute(held, {"key": beat.LOCK}).scalar()
