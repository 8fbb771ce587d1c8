"""A storm: the product is started, killed and started again while people work with it."""

import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import func, select, update

from engine.cases import correspondence
from engine.execution import jobs
from engine.lifecycle import CorrespondenceState, JobState, RequestStatus
from engine.store import Correspondence, Job, ServiceRequest, connect
from tests.acceptance.crash import moments, processes
from tests.acceptance.crash.moments import Kind
from tests.acceptance.crash.people import People

READY = "is ready."
END_LIMIT = 150.0  # seconds for all that is left after the last kill
PER_LIFE = 3  # cases that may be submitted in each life of the product
UNDONE = (JobState.AVAILABLE, JobState.EXECUTING, JobState.RETRYABLE)


@dataclass
class Figures:
    """What a storm was like."""

    seed: int
    cases: int
    kills: Counter = field(default_factory=Counter)
    in_vain: int = 0  # kills whose moment did not come in time
    seconds: float = 0.0
    interrupted: int = 0  # how often people found the database gone
    jobs_repeated: int = 0
    most_tries: int | None = None
    mails: int = 0
    mails_repeated: int = 0  # copies the server had accepted in the moment of a kill


class Storm:
    """One product and what befalls it; `variables` tell where its database is."""

    def __init__(self, folder, mailbox, figures, **variables):
        self.mailbox = mailbox
        self.figures = figures
        self.sessions = None
        self._folder = folder
        self._process = None
        self._people = None
        self._variables = processes.environment(
            folder, PORT=str(processes.free_port()), MAIL_URL=mailbox.url, **variables
        )
        self._outlives_leases = "DATABASE_URL" not in variables

    def rage(self, plan, url):
        """Kill by the plan while people work, then let everything come to its end.

        `url` gives the database's address, asked for when the product has been ready once.
        """
        began = time.monotonic()
        for moment in plan:
            self._start()
            if moment.kind is not Kind.STARTING:
                self._invite(url)
            if self._people is not None:
                self._people.allowed += PER_LIFE
            self._kill_at(moment)
        self._start()
        self._invite(url)
        self._people.allowed = self.figures.cases
        processes.wait_until(self._is_over, END_LIMIT, self._complaint)
        self.figures.seconds = round(time.monotonic() - began, 1)
        self._note_repetitions()

    def stop(self):
        """End the product as an operator does; returns its exit code."""
        if self._people is not None:
            self._people.stop()
            self.sessions.kw["bind"].dispose()
        return self._process.stop()

    def _start(self):
        self._process = processes.Process("up", self._folder, self._variables)

    def _await_ready(self):
        self._process.await_line(READY)

    def _invite(self, url):
        """Wait until the product is ready; let people in, who stay whatever happens."""
        self._await_ready()
        if self._people is None:
            self.sessions = connect(url(), pool_size=4)
            self._people = People(self.sessions, self.figures.cases)
            self._people.start()

    def _kill_at(self, moment):
        """Let the started product live until the moment, and not longer."""
        came = self._await(moment)
        self._process.kill()
        self.mailbox.interrupt_next(None)
        self._process.bury()
        self.figures.kills[moment.kind.value] += 1
        self.figures.in_vain += not came
        if not self._outlives_leases and self.sessions is not None:
            self._pass_time()

    def _await(self, moment):
        """Whether the moment came in time."""
        if moment.kind is Kind.MAIL:
            self.mailbox.interrupt_next(self._process.kill)
            return processes.happens(self._process.was_killed, moments.PATIENCE)
        if moment.kind is Kind.JOB and not processes.happens(
            lambda: self._runs(moment.job_type), moments.PATIENCE
        ):
            return False
        return not processes.happens(self._process.was_killed, moment.seconds)

    def _pass_time(self):
        """The five minutes go by for which a killed process still holds what it had in hand."""
        running = update(Job).where(Job.state == JobState.EXECUTING)
        sending = update(Correspondence).where(
            Correspondence.state == CorrespondenceState.QUEUED,
            Correspondence.attempts > 0,
            Correspondence.error.is_(None),
        )
        with self.sessions.begin() as session:
            session.execute(running.values(due_at=Job.due_at - jobs.LEASE))
            due_at = Correspondence.due_at - correspondence.LEASE
            session.execute(sending.values(due_at=due_at))

    def _runs(self, job_type):
        with self.sessions() as session:
            running = select(Job.id).where(Job.state == JobState.EXECUTING)
            return bool(session.scalar(running.where(Job.type == job_type).limit(1)))

    def _is_over(self):
        assert self._people.is_alive()
        with self.sessions() as session:
            ended = select(func.count()).where(ServiceRequest.state == RequestStatus.RESOLVED)
            everybody = session.scalar(ended) == self.figures.cases
            return everybody and not any(_left(session).values())

    def _complaint(self):
        people = self._people
        with self.sessions() as session:
            left = f"Left: {_left(session)}; {people.submitted} submitted; {people.hindrance}"
        return f"{left}\n{self._process.said()[-4000:]}"

    def _note_repetitions(self):
        """Count what the kills have made the product do again."""
        self.figures.interrupted = self._people.interrupted
        again = select(func.count(), func.max(Job.attempt)).where(Job.attempt > 1)
        with self.sessions() as session:
            self.figures.jobs_repeated, self.figures.most_tries = session.execute(again).one()
        copies = self.mailbox.copies()
        self.figures.mails, self.figures.mails_repeated = len(copies), copies.total() - len(copies)


def _left(session):
    open_jobs = select(func.count()).where(Job.state.in_(UNDONE))
    queued = select(func.count()).where(Correspondence.state == CorrespondenceState.QUEUED)
    return {"jobs": session.scalar(open_jobs), "messages": session.scalar(queued)}
