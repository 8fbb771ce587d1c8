"""A worker in a process of its own, on the broker and database named by its arguments."""

import sys

from engine import settings
from tasks import broker, worker


def main(database_url, data_folder, broker_url, queue):
    broker.QUEUE = queue
    own = settings.load(
        {
            "TURNAROUND_DATA": data_folder,
            "TURNAROUND_DEMO": "1",
            "DATABASE_URL": database_url,
            "BROKER_URL": broker_url,
        }
    )
    worker.run(own, database_url)


if __name__ == "__main__":
    main(*sys.argv[1:])
