"""An installation in parts: processes of the product around one database and one broker."""

from datetime import timedelta

from sqlalchemy import select

from engine import clock
from engine.definitions import request_types
from engine.execution import jobs
from engine.lifecycle import RequestStatus
from engine.store import Correspondence, Document, ServiceRequest
from tasks import dispatch
from tests import builders
from tests.acceptance.crash import people, processes

SAYS = {
    "up": "is ready.",
    "web": "web_started",
    "worker": "worker_started",
    "scheduler": "scheduler_leads",
}
LIMIT = 60.0  # seconds for what workers do
OVERDUE = jobs.OFFER + timedelta(seconds=2)  # the sweeper takes a hint this old for lost


class Installation:
    """The web's side is played here: what it commits, it hints at as the web does."""

    def __init__(self, folder, sessions, queue, variables):
        self.sessions = sessions
        self.queue = queue
        self.port = processes.free_port()
        self._folder = folder
        self._variables = {**variables, "PORT": str(self.port)}
        self._running = {}

    def start(self, *commands):
        """Start these parts and wait until they work."""
        for command in commands:
            self._running[command] = processes.Process(command, self._folder, self._variables)
        for command in commands:
            self._running[command].await_line(SAYS[command])

    def kill(self, command):
        process = self._running.pop(command)
        process.kill()
        process.bury()

    def stop(self):
        """End all parts; returns their exit codes."""
        codes = {name: process.stop() for name, process in self._running.items()}
        self._running = {}
        return codes

    def submit(self):
        with clock.moved_by(-OVERDUE), dispatch.transaction(self.sessions) as session:
            address_change = request_types.latest(session, "address_change")
            return builders.submitted(session, builders.ready_draft(session, address_change))

    def accept(self, case):
        with clock.moved_by(-OVERDUE), dispatch.transaction(self.sessions) as session:
            (task,) = builders.open_tasks(session, case)
            people.accept(session, task)

    def await_task(self, case):
        self._await(lambda session: builders.open_tasks(session, case), "no task")

    def await_end(self, case):
        resolved = select(ServiceRequest.id).where(
            ServiceRequest.id == case.id, ServiceRequest.state == RequestStatus.RESOLVED
        )
        self._await(lambda session: session.scalar(resolved), "not resolved")
        self.await_sent()

    def await_sent(self):
        """Nothing waits to be sent and nobody is sending."""
        waiting = select(Correspondence.id).where(Correspondence.sent_at.is_(None))
        self._await(lambda session: session.scalar(waiting) is None, "not sent")

    def outcome(self, case):
        """What a case leaves, in the same words whatever the broker."""
        with self.sessions() as session:
            documents = select(Document.kind).where(Document.service_request_id == case.id)
            messages = select(Correspondence.template, Correspondence.channel).where(
                Correspondence.service_request_id == case.id
            )
            return (
                sorted(session.scalars(documents)),
                sorted(tuple(row) for row in session.execute(messages)),
            )

    def _await(self, is_so, complaint):
        def looked():
            with self.sessions() as session:
                return is_so(session)

        processes.wait_until(looked, LIMIT, lambda: f"{complaint}\n{self._said()}")

    def _said(self):
        return "\n".join(process.said()[-3000:] for process in self._running.values())
