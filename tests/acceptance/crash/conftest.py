"""Two storms, each raged once and told of at the end; many tests look at what they left."""

import os
import random
import secrets
import sys

import pytest

from engine.store import postgres
from tests import database
from tests.acceptance.crash import moments, processes
from tests.acceptance.crash.mailbox import Mailbox
from tests.acceptance.crash.storm import Figures, Storm

SEED = "TURNAROUND_CRASH_SEED"  # repeats the moments of an earlier storm


@pytest.fixture(params=["embedded", "own_database"])
def storm(request):
    """A product whose database dies with it, and one whose database lives on."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory, tell):
    folder = tmp_path_factory.mktemp("embedded")
    figures = Figures(_seed(), cases=30)
    with Mailbox(processes.free_port()) as mailbox:
        storm = Storm(folder, mailbox, figures)
        yield from _raged(storm, 16, lambda: postgres.url(folder / "data" / "postgres"), tell)


@pytest.fixture(scope="session")
def own_database(tmp_path_factory, tell):
    folder = tmp_path_factory.mktemp("own")
    figures = Figures(_seed(), cases=12)
    with (
        database.server(tmp_path_factory.mktemp("pg")) as server,
        database.fresh_database(server) as url,
        Mailbox(processes.free_port()) as mailbox,
    ):
        storm = Storm(folder, mailbox, figures, DATABASE_URL=url)
        yield from _raged(storm, 8, lambda: url, tell)


@pytest.fixture(scope="session")
def tell(pytestconfig):
    """Write a line past the capture: the seed and the figures are for people."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def line(text):
        with capture.global_and_fixture_disabled():
            sys.stderr.write(f"\n{text}\n")

    return line


def _raged(storm, kills, url, tell):
    figures = storm.figures
    tell(f"crash: {SEED}={figures.seed}")
    try:
        storm.rage(moments.chosen(random.Random(figures.seed), kills), url)
        tell(f"crash: {figures}")
        yield storm
    finally:
        code = storm.stop()
    assert code == 0


def _seed():
    return int(os.environ.get(SEED) or secrets.randbits(32))  # noqa: TID251 -- a test run's own switch
