"""What a handler is given: one job, as values, and the ways to the world.

A handler runs outside any transaction and may run more than once for the same job. Its effect
carries the job's id as idempotency key, and the first thing it does is to look for that effect.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from engine.definitions import request_types
from engine.definitions.request_types import RequestType
from engine.execution import jobs
from engine.settings import Settings
from engine.store import Customer, ProcessInstance, ServiceRequest
from tasks import dispatch
from tasks.environment import Environment
from tasks.handlers.errors import WrongParameterError

if TYPE_CHECKING:
    from tasks.documents.keys import KeyStore


@dataclass(frozen=True, slots=True)
class HandlerContext:
    """One attempt at one job."""

    job_id: UUID
    attempt: int
    type: str
    instance_id: UUID
    element_id: str
    parameters: Mapping[str, object]
    environment: Environment
    caused_by: str | None = None  # the number of the web request, for the logs

    @property
    def key(self) -> str:
        """The idempotency key of the job's effect."""
        return str(self.job_id)

    @property
    def settings(self) -> Settings:
        return self.environment.settings

    @property
    def keystore(self) -> "KeyStore":
        return self.environment.keystore

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction for the effect; its hints leave after the commit.

        Raises StaleJobError if the job is not this attempt's any more.
        """
        with dispatch.transaction(self.environment.sessions) as session:
            jobs.hold(session, self.job_id, self.attempt)
            yield session

    def text(self, name: str, default: str | None = None) -> str:
        """A parameter that must be a text; raises WrongParameterError."""
        value = self.parameters.get(name, default)
        if not isinstance(value, str):
            raise WrongParameterError(f"{self.type}: `{name}` must be a text, not {value!r}.")
        return value

    def names(self, name: str) -> list[str]:
        """A parameter that is a list of names, or names with commas between; empty if unset."""
        value = self.parameters.get(name)
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        if value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            return list(value or [])
        raise WrongParameterError(f"{self.type}: `{name}` must be a list of names, not {value!r}.")

    def case(self, session: Session) -> "Case":
        """The case the job belongs to; raises WrongParameterError for an instance without one."""
        instance = session.get_one(ProcessInstance, self.instance_id)
        if instance.service_request_id is None:
            raise WrongParameterError(f"{self.type} needs a case; this instance has none.")
        request = session.get_one(ServiceRequest, instance.service_request_id)
        return Case(
            request,
            session.get_one(Customer, request.customer_id),
            request_types.get(session, request.request_type_version_id),
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A case with what belongs to it."""

    request: ServiceRequest
    customer: Customer
    request_type: RequestType


Handler = Callable[[HandlerContext], Mapping[str, object]]
