"""Figures of the engine on PostgreSQL: starting, completing, timers, state."""

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import event, insert, select, text

from benchmarks import bare, cases
from benchmarks.result import Result, each_ms, median_ms
from engine import clock
from engine.cases import documents, service_requests
from engine.execution import timers
from engine.lifecycle import TimerState
from engine.store import ProcessInstance, Sessions, Timer, transaction
from tests import builders

REPETITIONS = 60
IDLE_TIMERS = 100_000
BATCH = 100


def measure(sessions: Sessions) -> Iterator[Result]:
    """All figures of the engine, in the order of their names' first use."""
    commit_ms = median_ms(lambda: _one_commit(sessions), REPETITIONS)
    reference = bare.step_ms(REPETITIONS) + commit_ms
    complete_ms, statements = _completions(sessions)
    note = f"bare SpiffWorkflow step + one commit ({commit_ms:.2f} ms)"
    yield Result("complete_user_task", complete_ms, "ms", reference, REPETITIONS, note)
    yield Result("sql_per_completion", statements, "statements", 12, 1, "promised bound")
    yield Result("start_request", _starts(sessions), "ms", reference, REPETITIONS, note)
    fire_ms = _fires(sessions)
    yield Result("fire_due_timer", fire_ms, "ms", complete_ms, 20, "complete_user_task")
    yield _state_bytes(sessions)
    yield _idle_timers(sessions)


def _completions(sessions: Sessions) -> tuple[float, float]:
    account, tasks = cases.ready_to_decide(sessions, REPETITIONS)
    counts: list[str] = []

    def count(*arguments: object) -> None:
        counts.append(str(arguments[2]))

    engine = sessions.kw["bind"]
    measured = each_ms(lambda task: cases.decide(sessions, account, task), list(tasks[1:]))
    event.listen(engine, "before_cursor_execute", count)
    cases.decide(sessions, account, tasks[0])
    event.remove(engine, "before_cursor_execute", count)
    return measured, float(len(counts))


def _starts(sessions: Sessions) -> float:
    with transaction(sessions) as session:
        drafts = [builders.ready_draft(session) for _ in range(REPETITIONS)]
        signed = [(draft, _application(session, draft)) for draft in drafts]

    def submit(pair: object) -> None:
        draft, application = pair
        with transaction(sessions) as session:
            session.add(draft)
            service_requests.submit(session, draft, application)

    return each_ms(submit, list(signed))


def _application(session: object, draft: object) -> object:
    return documents.store(
        session,
        str(draft.id).encode(),
        kind=documents.Kind.APPLICATION,
        name="application.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
    )


def _fires(sessions: Sessions) -> float:
    cases.ready_to_decide(sessions, 20)
    with clock.moved_by(timedelta(days=4, seconds=1)):
        with transaction(sessions) as session:
            due = timers.due(session, 20)

        def fire(timer_id: object) -> None:
            with transaction(sessions) as session:
                timers.fire(session, timer_id)

        return each_ms(fire, list(due))


def _state_bytes(sessions: Sessions) -> Result:
    with transaction(sessions) as session:
        states = session.scalars(select(ProcessInstance.workflow_state).limit(200)).all()
    largest = max(len(json.dumps(state)) for state in states)
    return Result("state_bytes", largest, "bytes", None, len(states), "largest, address change")


def _idle_timers(sessions: Sessions) -> Result:
    """A scheduler's look for due timers with 100,000 that are not due, and with few."""

    def look() -> None:
        with transaction(sessions) as session:
            timers.due(session, BATCH)

    few = median_ms(look, REPETITIONS)
    _add_idle(sessions)
    many = median_ms(look, REPETITIONS)
    return Result("idle_timers", many, "ms", few, REPETITIONS, "the same look with few timers")


def _add_idle(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        instance_id = session.scalars(select(ProcessInstance.id).limit(1)).one()
        now = clock.now()
        rows = [
            {
                "id": uuid4(),
                "process_instance_id": instance_id,
                "token_id": str(number),
                "element_id": "Idle",
                "created_at": now,
                "state": TimerState.CREATED,
                "due_at": now + timedelta(days=30, seconds=number),
                "expression": "PT1H",
            }
            for number in range(IDLE_TIMERS)
        ]
        for start in range(0, len(rows), 10_000):
            session.execute(insert(Timer), rows[start : start + 10_000])
    with transaction(sessions) as session:
        session.execute(text("analyze timers"))


def _one_commit(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        session.execute(
            text(
                "update process_instances set started_at = started_at "
                "where id = (select id from process_instances limit 1)"
            )
        )
