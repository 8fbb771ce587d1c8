"""The whole product in one process, or its web part alone.

Started from the outside in: first what may refuse (settings, port, data folder), then the database
and its content, then those who work. Ended in the opposite order, the database last.
"""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from types import FrameType

from sqlalchemy.orm import Session

import processes
from engine import logs
from engine.cases import history
from engine.definitions import bundles, offers
from engine.people import accounts
from engine.settings import Settings
from engine.store import Sessions, connect, migrations, transaction
from engine.store.session import open_engine, sessions_on
from tasks import broker, environment, scheduler, worker
from tasks.environment import Environment
from web import app
from web.listener import Listener
from web.storage import Database

SHIPPED = Path(processes.__file__).parent
WATCH = timedelta(seconds=1)  # how often the embedded server is looked after
PARTING = timedelta(seconds=1)  # for jobs in hand; their leases bring them back

_log = logging.getLogger(__name__)


def up(settings: Settings, announce: Callable[[], None]) -> None:
    """Run everything until SIGINT or SIGTERM; `announce` is called once it is ready."""
    logs.configure(settings)
    ending = _ending()
    with running(settings, ending) as database:
        announce()
        while not ending.wait(WATCH.total_seconds()):
            database.look_after()


@contextmanager
def running(settings: Settings, ending: Event) -> Iterator[Database]:
    """Web, workers, scheduler and database, all at work inside the block."""
    with ExitStack() as stack:
        listener = Listener(settings)
        stack.callback(listener.close)
        database = Database(settings)
        stack.callback(database.stop)
        sessions = stack.enter_context(_prepared(settings, database.url))
        workers = worker.start_in_process(settings, sessions)
        stack.callback(workers.stop, PARTING)
        stack.enter_context(_scheduling(sessions, ending))
        listener.start(app.create_app(settings, sessions, environment.current().keystore))
        stack.callback(listener.stop)
        yield database


def serve(settings: Settings, url: str) -> None:
    """Answer requests; workers and scheduler are other processes."""
    logs.configure(settings)
    ending = _ending()
    listener = Listener(settings)
    sessions = connect(url)
    broker.configure(settings.broker_url)
    environment.use(Environment(settings, sessions))
    listener.start(app.create_app(settings, sessions, environment.current().keystore))
    _log.info("web_started", extra={"address": settings.public_url})
    ending.wait()
    listener.stop()


def schedule(settings: Settings, url: str) -> None:
    """Be a scheduler; the first of several leads."""
    logs.configure(settings)
    ending = _ending()
    broker.configure(settings.broker_url)
    scheduler.run(connect(url, pool_size=2), ending)


def work(settings: Settings, url: str) -> None:
    """Work on jobs."""
    logs.configure(settings)
    worker.run(settings, url)


def prepare(settings: Settings, sessions: Sessions) -> None:
    """Publish the shipped request types; make the demo's accounts, or close them without one."""
    with transaction(sessions) as session:
        _publish_shipped(session)
        if settings.demo and settings.demo_password is not None:
            accounts.ensure_demo(session, settings.demo_password)
        else:
            accounts.close_demo(session)


def _publish_shipped(session: Session) -> None:
    """Publish what ships; what somebody withdrew here, an upgrade does not bring back."""
    withdrawn = offers.withdrawn(session)
    for folder in sorted(SHIPPED.glob("*/request_type.toml")):
        version = bundles.deploy_folder(session, folder.parent)
        if version.key in withdrawn:
            offers.withdraw(session, version.key, by=history.SYSTEM)


@contextmanager
def _prepared(settings: Settings, url: str) -> Iterator[Sessions]:
    """Sessions on a database that is up to date and holds what ships."""
    engine = open_engine(url)
    try:
        migrations.run(engine)
        sessions = sessions_on(engine)
        prepare(settings, sessions)
        yield sessions
    finally:
        engine.dispose()


@contextmanager
def _scheduling(sessions: Sessions, ending: Event) -> Iterator[None]:
    """A scheduler in a thread of its own, ended with the block."""
    thread = Thread(target=scheduler.run, args=(sessions, ending), name="scheduler", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(PARTING.total_seconds())


def _ending() -> Event:
    """An event that the first SIGINT or SIGTERM sets; the second one ends the process at once."""
    ending = Event()

    def note(number: int, _frame: FrameType | None) -> None:
        ending.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    return ending
