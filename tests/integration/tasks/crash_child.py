"""A process to be killed: workers and scheduler on the database named by its arguments."""

import sys
from threading import Event

from engine import settings
from engine.store import connect
from tasks import scheduler, worker


def main(database_url, data_folder, mail_url):
    own = settings.load(
        {
            "TURNAROUND_DATA": data_folder,
            "TURNAROUND_DEMO": "1",
            "PROVIDER_EMAIL": "service@example.org",
            "MAIL_URL": mail_url,
        }
    )
    sessions = connect(database_url)
    worker.start_in_process(own, sessions)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    scheduler.run(sessions, Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
