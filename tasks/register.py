"""The port to the system of record, and the built-in register of customers.

An update carries an idempotency key; under a key that was used before, the system answers what
it did then and changes nothing. Another system is another adapter with the same method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.errors import EngineError
from engine.store import Customer, Json, RecordUpdate, Sessions, held, transaction
from tasks import register_rules


class RecordRejectedError(EngineError):
    """The register refuses the change."""

    code = "record_rejected"


@dataclass(frozen=True, slots=True)
class Change:
    """What stood in the record, what stands there now, and which names differ."""

    before: Json
    after: Json
    changed: tuple[str, ...]


class SystemOfRecord(Protocol):
    def update(
        self, customer_id: UUID, request_id: UUID, changes: Mapping[str, object], *, key: str
    ) -> Change:
        """Change a customer's record, once per key; raises RecordRejectedError."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerRegister:
    """The register for a provider without another one: `customers.record`."""

    sessions: Sessions

    def update(
        self, customer_id: UUID, request_id: UUID, changes: Mapping[str, object], *, key: str
    ) -> Change:
        """As the port says."""
        with transaction(self.sessions) as session:
            customer = held(session, Customer, customer_id)
            known = select(RecordUpdate).where(RecordUpdate.idempotency_key == key)
            done = session.scalar(known)
            if done is None:
                done = _apply(session, customer, request_id, changes, key)
            return _change(done)


def _apply(
    session: Session,
    customer: Customer,
    request_id: UUID,
    changes: Mapping[str, object],
    key: str,
) -> RecordUpdate:
    faults = register_rules.faults(changes)
    if faults:
        raise RecordRejectedError(" ".join(faults))
    update = RecordUpdate(
        idempotency_key=key,
        customer_id=customer.id,
        service_request_id=request_id,
        before=dict(customer.record),
        after={**customer.record, **changes},
        confirmed_at=clock.now(),
    )
    customer.record = update.after
    session.add(update)
    history.record(
        session,
        "record.updated",
        actor=history.SYSTEM,
        request_id=request_id,
        changed=list(_change(update).changed),
    )
    return update


def _change(update: RecordUpdate) -> Change:
    changed = tuple(
        name
        for name in sorted(update.after)
        if name not in update.before or update.before[name] != update.after[name]
    )
    return Change(update.before, update.after, changed)
