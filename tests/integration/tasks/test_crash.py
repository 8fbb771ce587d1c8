"""Workers and scheduler killed at random moments: every case ends, nothing happens twice.

TURNAROUND_CRASH_CASES and TURNAROUND_CRASH_SEED make it longer or another one.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import pytest
from sqlalchemy import func, select

from engine.cases import documents
from engine.execution import incidents, user_tasks
from engine.lifecycle import (
    CorrespondenceState,
    DocumentState,
    InstanceState,
    RequestStatus,
    UserTaskState,
)
from engine.store import (
    Correspondence,
    Document,
    ProcessInstance,
    RecordUpdate,
    ServiceRequest,
    UserTask,
)
from tests import builders
from tests.integration.tasks import smtp
from tests.integration.tasks.waiting import wait_until

CASES = int(os.environ.get("TURNAROUND_CRASH_CASES", "3"))  # noqa: TID251 -- the test's own
SEED = int(os.environ.get("TURNAROUND_CRASH_SEED", "1"))  # noqa: TID251 -- the test's own
LIFE = (2.5, 6.0)  # seconds between a start and its kill
LIMIT = 60 + 20 * CASES  # seconds


class Crowd:
    """The cases, the executive who accepts them, and the process that is killed."""

    def __init__(self, sessions, command):
        self.sessions, self.command, self.kills = sessions, command, 0
        with sessions.begin() as session:
            self.executive = builders.account(session)
            for _ in range(CASES):
                builders.submitted(session)

    def live(self, chance):
        """Start, kill, start, until every case is done."""
        deadline = time.monotonic() + LIMIT
        while not self.is_done():
            assert time.monotonic() < deadline, "the cases do not end"
            with subprocess.Popen(self.command, stdout=subprocess.PIPE) as process:
                process.stdout.readline()
                self._work(time.monotonic() + chance.uniform(*LIFE))
                process.kill()
            self.kills += 1

    def _work(self, end):
        def over():
            self.accept()
            return self.is_done() or time.monotonic() > end

        wait_until(over)

    def accept(self):
        """Accept what waits for a person."""
        with self.sessions.begin() as session:
            waiting = select(UserTask).where(UserTask.state == UserTaskState.CREATED)
            for task in session.scalars(waiting).all():
                instance = session.get_one(ProcessInstance, task.process_instance_id)
                for received in documents.of_request(session, instance.service_request_id):
                    if received.state is DocumentState.RECEIVED and received.kind == "upload":
                        documents.review(
                            session, received.id, self.executive, DocumentState.ACCEPTED
                        )
                user_tasks.claim(session, task.id, self.executive)
                user_tasks.complete(session, task.id, self.executive, {"decision": "accept"})

    def is_done(self):
        active = (ProcessInstance, ProcessInstance.state != InstanceState.COMPLETED)
        queued = (Correspondence, Correspondence.state == CorrespondenceState.QUEUED)
        return not any(self.count(table, condition) for table, condition in (active, queued))

    def count(self, table, *conditions):
        with self.sessions() as session:
            return session.scalar(select(func.count()).select_from(table).where(*conditions))


@pytest.fixture
def inbox():
    with smtp.server() as running:
        yield running


@pytest.mark.timeout(LIMIT + 60)
def test_killed_at_random_moments_every_case_ends_and_nothing_happens_twice(
    sessions, database_engine, tmp_path, inbox, record_property
):
    url = database_engine.url.render_as_string(hide_password=False)
    child = (sys.executable, "-m", "tests.integration.tasks.crash_child")
    crowd = Crowd(
        sessions, [*child, url, str(tmp_path / "data"), f"smtp://127.0.0.1:{inbox.port}"]
    )
    crowd.live(random.Random(SEED))
    assert crowd.count(ServiceRequest, ServiceRequest.state == RequestStatus.RESOLVED) == CASES
    assert crowd.count(RecordUpdate) == CASES
    assert crowd.count(Document, Document.kind == documents.Kind.PROOF) == CASES
    assert crowd.count(Correspondence, Correspondence.state != CorrespondenceState.SENT) == 0
    with sessions() as session:
        assert incidents.open_incidents(session) == []
    mails = Counter(mail["Message-ID"] for mail in inbox.mails)
    assert len(mails) == crowd.count(Correspondence, Correspondence.channel == "mail")
    record_property("kills", crowd.kills)
    record_property("mails_twice", len(inbox.mails) - len(mails))
