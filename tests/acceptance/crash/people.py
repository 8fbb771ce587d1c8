"""Customers who apply and staff who decide, by the engine's own functions, come what may.

They live a little in the past: what they leave to the workers is overdue at once, so the sweeper
need not wait until a hint counts as lost. A hint of theirs reaches nobody: the workers are in
another process.
"""

from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, OperationalError

from engine import clock
from engine.cases import documents, service_requests
from engine.definitions import request_types
from engine.execution import jobs, user_tasks
from engine.lifecycle import DocumentState, UserTaskState
from engine.people import accounts
from engine.store import Document, Draft, ProcessInstance, ServiceRequest, UserTask, transaction
from tests import builders

BEHIND = jobs.OFFER + timedelta(seconds=2)
PAUSE = 0.05  # seconds between two rounds
OPEN = (UserTaskState.CREATED, UserTaskState.CLAIMED)


class People(Thread):
    """Work until `stop`; whoever finds the product gone comes back and looks what was kept."""

    def __init__(self, sessions, cases):
        super().__init__(name="people", daemon=True)
        self._sessions = sessions
        self._cases = cases
        self._leaving = Event()
        self.allowed = 0  # how many cases may have been submitted by now
        self.submitted = 0
        self.interrupted = 0  # how often the database went away under them
        self.hindrance = ""  # the last time

    def run(self):
        with clock.moved_by(-BEHIND):
            while not self._leaving.wait(PAUSE):
                try:
                    self._round()
                except (OperationalError, InterfaceError) as error:
                    self.interrupted += 1
                    self.hindrance = str(error)

    def stop(self):
        self._leaving.set()
        self.join(30)

    def _round(self):
        if self.submitted < min(self.allowed, self._cases):
            apply(self._sessions, self.submitted)
            self.submitted += 1
        for task_id in self._waiting():
            with transaction(self._sessions) as session:
                accept(session, session.get_one(UserTask, task_id))

    def _waiting(self):
        with self._sessions() as session:
            return list(session.scalars(select(UserTask.id).where(UserTask.state.in_(OPEN))))


def apply(sessions, number):
    """Fill in, sign and submit case `number`; the steps that were kept are not repeated."""
    with transaction(sessions) as session:
        draft_id = _drafted(session, number) or _draft(session, number)
    with transaction(sessions) as session:
        application = select(Document).where(
            Document.draft_id == draft_id, Document.kind == documents.Kind.APPLICATION
        )
        draft = session.get_one(Draft, draft_id)
        return service_requests.submit(session, draft, session.scalars(application).one())


def accept(session, task):
    """Accept every document and the application itself."""
    executive = accounts.by_name(session, "executive")
    instance = session.get_one(ProcessInstance, task.process_instance_id)
    received = documents.of_request(session, instance.service_request_id)
    for document in documents.unreviewed(received):
        documents.review(session, document.id, executive, DocumentState.ACCEPTED, "")
    user_tasks.claim(session, task.id, executive)
    user_tasks.complete(session, task.id, executive, {"decision": "accept"})


def email_of(number):
    return f"customer-{number:02}@example.org"


def _drafted(session, number):
    """The draft this customer left, if it was kept; one that was submitted counts as well."""
    return session.scalar(
        select(Draft.id).where(Draft.answers["email"].astext == email_of(number))
    ) or session.scalar(
        select(ServiceRequest.draft_id).where(ServiceRequest.email == email_of(number))
    )


def _draft(session, number):
    address_change = request_types.latest(session, "address_change")
    person = {"email": email_of(number), "phone": f"+9198765432{number:02}"}
    draft = builders.ready_draft(session, address_change, **person)
    documents.store(
        session,
        f"%PDF application {draft.id}".encode(),
        kind=documents.Kind.APPLICATION,
        name="application.pdf",
        media_type="application/pdf",
        draft_id=draft.id,
    )
    return draft.id
