"""Wait states as rows: what a step waits for is written, what it no longer waits for closed.

The token is the identity: a row whose token still waits is left alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Text, Uuid, bindparam, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from engine import clock, logs
from engine.errors import InvalidError
from engine.lifecycle import JobState, SubscriptionState, TimerState, UserTaskState
from engine.runtime import WaitKind, WaitState
from engine.store import Job, MessageSubscription, ProcessInstance, ServiceRequest, Timer, UserTask

DEFAULT_PRIORITY = 50
DEFAULT_ATTEMPTS = 4  # one at once, one after each back-off of engine.execution.jobs
WaitRow = UserTask | Job | Timer | MessageSubscription

OPEN: Mapping[type[WaitRow], tuple[str, ...]] = {
    UserTask: (UserTaskState.CREATED, UserTaskState.CLAIMED),
    Job: (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE, JobState.FAILED),
    Timer: (TimerState.CREATED,),
    MessageSubscription: (SubscriptionState.OPEN,),
}
CANCELLED: Mapping[type[WaitRow], str] = {
    UserTask: UserTaskState.CANCELLED,
    Job: JobState.CANCELLED,
    Timer: TimerState.CANCELLED,
    MessageSubscription: SubscriptionState.CANCELLED,
}
TABLES = {table.__tablename__: table for table in OPEN}
OPEN_TOKENS = union_all(
    *(
        select(literal(name, Text).label("kind"), table.token_id).where(
            table.process_instance_id == bindparam("instance_id", type_=Uuid),
            table.state.in_(OPEN[table]),
        )
        for name, table in TABLES.items()
    )
)


OPEN_TOGETHER = OPEN_TOKENS.subquery()
ALL_OPEN = select(
    func.array_agg(func.concat(OPEN_TOGETHER.c.kind, " ", OPEN_TOGETHER.c.token_id))
).scalar_subquery()  # to be read along with a lock: a column less is a statement less


def write(
    session: Session,
    instance: ProcessInstance,
    request: ServiceRequest | None,
    waiting: Iterable[WaitState],
    known_open: Iterable[str] | None,
) -> bool:
    """Bring the instance's open rows in line with what it waits for now.

    `known_open` is what `ALL_OPEN` gave under the lock; without it the rows are asked for.

    New jobs are noted in `session.info["jobs"]` so that the entry point can send their hints
    after it has committed. Returns whether a wait was cancelled.
    """
    open_rows = _open_tokens(session, instance.id, known_open)
    wanted = {wait.token_id: wait for wait in waiting}
    gone = _gone(open_rows, wanted)
    for table, tokens in gone.items():
        _cancel(session, table, instance.id, tokens)
    known = {token for tokens in open_rows.values() for token in tokens}
    for token, wait in wanted.items():
        if token not in known:
            _open(session, instance, request, wait)
    return bool(gone)


def _open_tokens(
    session: Session, instance_id: UUID, known_open: Iterable[str] | None
) -> dict[type[WaitRow], set[str]]:
    """The tokens of all open rows, without those that were ended just now.

    Nothing is flushed for it: the whole step is written at once.
    """
    tokens: dict[type[WaitRow], set[str]] = {table: set() for table in OPEN}
    if known_open is None:
        with session.no_autoflush:
            known_open = session.scalar(select(ALL_OPEN), {"instance_id": instance_id}) or ()
    for entry in known_open:
        name, _, token = entry.partition(" ")
        tokens[TABLES[name]].add(token)
    for row in session.dirty:
        if isinstance(row, WaitRow) and row.state not in OPEN[type(row)]:
            tokens[type(row)].discard(row.token_id)
    return tokens


def _gone(
    open_rows: Mapping[type[WaitRow], set[str]], wanted: Mapping[str, WaitState]
) -> dict[type[WaitRow], set[str]]:
    gone = {table: tokens - wanted.keys() for table, tokens in open_rows.items()}
    return {table: tokens for table, tokens in gone.items() if tokens}


def _cancel(session: Session, table: type[WaitRow], instance_id: UUID, tokens: set[str]) -> None:
    """Close rows whose wait is over without having been ended by themselves."""
    session.execute(
        update(table)
        .where(table.process_instance_id == instance_id, table.token_id.in_(tokens))
        .where(table.state.in_(OPEN[table]))
        .values(state=CANCELLED[table])
    )


def _open(
    session: Session,
    instance: ProcessInstance,
    request: ServiceRequest | None,
    wait: WaitState,
) -> None:
    row = _MAKERS[wait.kind](instance, request, wait)
    session.add(row)
    if isinstance(row, Job):
        session.info.setdefault("jobs", []).append(row.id)


def _user_task(
    instance: ProcessInstance, request: ServiceRequest | None, wait: WaitState
) -> UserTask:
    details = dict(wait.details)
    due = _moment(details.get("due_at"))
    return UserTask(
        **_common(instance, wait),
        name=wait.name,
        candidate_groups=_names(details.get("candidate_groups")),
        priority=_number(details.get("priority"), DEFAULT_PRIORITY),
        due_at=due or (request.due_at if request else clock.now()),
        details=details,
    )


def _job(instance: ProcessInstance, request: ServiceRequest | None, wait: WaitState) -> Job:
    del request
    details = wait.details
    parameters = details.get("parameters")
    result = details.get("result_variable")
    return Job(
        **_common(instance, wait),
        id=uuid4(),
        type=str(details["type"]),
        parameters=dict(parameters) if isinstance(parameters, Mapping) else {},
        result_variable=str(result) if result else None,
        max_attempts=_number(details.get("retries"), DEFAULT_ATTEMPTS),
        due_at=clock.now(),
        caused_by=logs.REQUEST.get(),
    )


def _timer(instance: ProcessInstance, request: ServiceRequest | None, wait: WaitState) -> Timer:
    del request
    due = _moment(wait.details.get("due_at"))
    if due is None:
        raise InvalidError(f"The timer of {wait.element_id} gives no moment.")
    expression = str(wait.details.get("expression", ""))
    return Timer(**_common(instance, wait), due_at=due, expression=expression)


def _subscription(
    instance: ProcessInstance, request: ServiceRequest | None, wait: WaitState
) -> MessageSubscription:
    """Without a correlation of its own, a message finds the instance by the request number."""
    correlation = wait.details.get("correlation") or (request.number if request else "")
    return MessageSubscription(
        **_common(instance, wait),
        message=str(wait.details["message"]),
        correlation=str(correlation),
    )


_MAKERS = {
    WaitKind.USER_TASK: _user_task,
    WaitKind.JOB: _job,
    WaitKind.TIMER: _timer,
    WaitKind.MESSAGE: _subscription,
}


def _common(instance: ProcessInstance, wait: WaitState) -> dict[str, object]:
    return {
        "process_instance_id": instance.id,
        "token_id": wait.token_id,
        "element_id": wait.element_id,
        "created_at": clock.now(),
    }


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _names(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _number(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float | str) and str(value).isdigit() else default
