"""The scheduler: one leads, what is due happens, what was lost is offered again."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select, text

from engine import clock
from engine.errors import InvalidError
from engine.execution import timers
from engine.lifecycle import TimerState
from engine.store import Timer
from tasks import beat, broker, dispatch
from tasks.scheduler import Scheduler, clean, fire_timers
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
    return sent


@pytest.fixture
def working(sessions, case):
    """A case that waits for a person and for its timers."""
    play.run_first(sessions, case)
    return case


@pytest.fixture
def run():
    """Run schedulers in threads of their own; ends them all."""
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


def test_due_timers_fire(sessions, working):
    with clock.moved_by(LEVEL_1):
        assert fire_timers(sessions) == 1
    assert [job.type for job in play.open_jobs(sessions, working)] == ["escalate"]


def test_timers_that_are_not_due_cost_nothing(sessions, working):
    assert fire_timers(sessions) == 0


def test_a_timer_that_cannot_fire_stops_no_other(sessions, working, monkeypatch):
    with sessions.begin() as session:
        builders.submitted(session)
    fire, first = timers.fire, []

    def fails_once(session, timer_id):
        if not first:
            first.append(timer_id)
            raise InvalidError
        return fire(session, timer_id)

    monkeypatch.setattr(timers, "fire", fails_once)
    with clock.moved_by(timedelta(days=8)):
        assert fire_timers(sessions) == 3
    with sessions() as session:
        fired = session.scalars(select(Timer.id).where(Timer.state == TimerState.TRIGGERED)).all()
    assert len(fired) == 2


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


def test_a_fresh_job_is_left_to_its_own_hint(sessions, case, hints):
    Scheduler(sessions).step()
    assert hints == []


def test_what_was_just_offered_is_not_offered_again(sessions, case, hints):
    scheduler = Scheduler(sessions)
    with clock.moved_by(LATER):
        scheduler.step()
        scheduler.step()
    assert len(hints) == 1


def test_housekeeping_runs(sessions, working):
    clean(sessions)


def test_one_of_two_leads_and_the_other_takes_over(sessions, run):
    first = run(sessions)
    wait_until(lambda: age(sessions) is not None)
    second = run(sessions)
    assert leaders(sessions) == 1
    first.set()
    wait_until(lambda: age(sessions) is None, "the first leads still")
    wait_until(lambda: age(sessions) is not None, "the second does not take over")
    assert leaders(sessions) == 1
    second.set()


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


def leaders(sessions):
    with sessions() as session:
        held = text(
            "select count(*) from pg_locks"
            " where locktype = 'advisory' and objid = :key and granted"
        )
        return session.execute(held, {"key": beat.LOCK}).scalar()
