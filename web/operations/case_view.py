"""One process instance as its operations page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import dossier
from engine.cases.dossier import Passed
from engine.definitions import request_types
from engine.execution.waits import OPEN
from engine.lifecycle import IncidentState
from engine.store import (
    Incident,
    Job,
    MessageSubscription,
    ProcessDefinition,
    ProcessInstance,
    ServiceRequest,
    Timer,
    UserTask,
)
from web import i18n

R = TypeVar("R", UserTask, Job, Timer, MessageSubscription)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the instance stands; what the diagram's macro reads."""

    title: str
    done: Sequence[Passed]
    now: Sequence[Passed]
    diagram: Mapping[str, object]
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing the instance waits for."""

    kind: str
    name: str
    state: str
    due_at: datetime | None


def of(session: Session, row: ProcessInstance, owner: ServiceRequest | None) -> Standing:
    """The diagram with what is done and what holds a token."""
    definition = session.get_one(ProcessDefinition, row.process_definition_id)
    request_type = request_types.get(session, definition.request_type_version_id)
    progress = dossier.progress(session, owner.id) if owner else dossier.Progress((), ())
    return Standing(
        title=request_type.name(i18n.current()),
        done=[step for step in progress.done if step.name],
        now=[Passed(step.element_id, step.name or step.element_id) for step in progress.now],
        diagram={
            "xml": request_type.diagram,
            "active": sorted({step.element_id for step in progress.now}),
            "completed": sorted({step.element_id for step in progress.done}),
        },
        ended_at=row.ended_at,
    )


def waits(session: Session, row: ProcessInstance) -> list[Wait]:
    """Everything that is open, by kind."""
    return [
        *(Wait("user_task", t.name, t.state, t.due_at) for t in _open(session, UserTask, row.id)),
        *(Wait("job", j.type, j.state, j.due_at) for j in _open(session, Job, row.id)),
        *(Wait("timer", t.element_id, t.state, t.due_at) for t in _open(session, Timer, row.id)),
        *(
            Wait("message", m.message, m.state, None)
            for m in _open(session, MessageSubscription, row.id)
        ),
    ]


def incidents(session: Session, row: ProcessInstance) -> list[Incident]:
    """What stands still here."""
    found = select(Incident).where(
        Incident.process_instance_id == row.id, Incident.state == IncidentState.OPEN
    )
    return list(session.scalars(found.order_by(Incident.opened_at)))


def _open(session: Session, table: type[R], instance_id: UUID) -> Sequence[R]:
    found = select(table).where(
        table.process_instance_id == instance_id, table.state.in_(OPEN[table])
    )
    return session.scalars(found.order_by(table.created_at)).all()
