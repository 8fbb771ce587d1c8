"""The whole product in one process: it comes up, survives, and ends when told to."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import httpx
import pytest

START_LIMIT = 60  # seconds; generous, for a machine that does much else
STOP_LIMIT = 60  # seconds; as above


class Product:
    """One start of `turnaround up`."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.folder = folder
        self.reader: Thread | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])
        given = {"TURNAROUND_DATA": str(folder), "TURNAROUND_DEMO": "1", "PORT": self.port}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from web.cli import main; main()", "up"],
            env={**kept, **given, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def until_ready(self) -> str:
        """Wait for the last line of the greeting; gives what was said until then."""
        said = []
        for line in self.process.stdout or ():
            said.append(line)
            if "Ctrl-C" in line:
                return "".join(said)
        raise AssertionError("".join(said))

    def overhear(self) -> None:
        """Read on what is said: a full pipe would hold the product up at its next line."""
        self.reader = Thread(target=deque, args=(self.process.stdout, 0), daemon=True)
        self.reader.start()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def postmaster(self) -> int:
        """The server's process number; 0 between two servers, while the file goes and comes."""
        try:
            lines = (self.folder / "postgres/cluster/postmaster.pid").read_text().split()
        except FileNotFoundError:
            return 0
        return int(lines[0]) if lines else 0

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        code = self.process.wait(STOP_LIMIT)
        if self.reader is not None:
            self.reader.join(STOP_LIMIT)
        if self.process.stdout:
            self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all: only the first start is a slow one."""
    return tmp_path_factory.mktemp("up") / "var"


@pytest.fixture
def products() -> Iterator[list[Product]]:
    started: list[Product] = []
    yield started
    for product in started:
        if product.process.poll() is None:
            product.end(signal.SIGKILL)
        elif product.process.stdout:
            product.process.stdout.close()


@pytest.fixture
def start(products, folder):
    def started(**environ: str) -> Product:
        products.append(Product(folder, **environ))
        return products[-1]

    return started


def eventually_ready(product: Product) -> httpx.Response:
    """The first good answer; while its database comes back one may take long or be cut off."""
    deadline = time.monotonic() + START_LIMIT
    answer: httpx.Response | None = None
    while answer is None or answer.status_code != 200:
        assert time.monotonic() < deadline, answer.text if answer else "no answer"
        with contextlib.suppress(httpx.TransportError):
            answer = product.get("/readyz")
    return answer


def test_it_says_where_it_is_where_the_data_lies_and_how_to_sign_in(start, folder):
    product = start()
    said = product.until_ready()
    assert f"http://127.0.0.1:{product.port}" in said
    assert str(folder) in said
    assert str(folder / "secrets/demo_password") in said
    assert eventually_ready(product).json()["status"] == "ok"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_cleanly_and_takes_its_database_along(start, how):
    product = start()
    product.until_ready()
    postmaster = product.postmaster()
    assert product.end(how) == 0
    assert not Path(f"/proc/{postmaster}").exists()


def test_killed_it_comes_up_again_on_the_same_data(start):
    first = start()
    first.until_ready()
    first.end(signal.SIGKILL)
    second = start()
    second.until_ready()
    assert eventually_ready(second).status_code == 200


def test_its_database_killed_it_brings_it_back(start):
    product = start()
    product.until_ready()
    product.overhear()  # each request that finds no database is a long line
    eventually_ready(product)
    before = product.postmaster()
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + START_LIMIT
    while product.postmaster() in {before, 0}:
        assert time.monotonic() < deadline
    assert eventually_ready(product).status_code == 200


def test_a_second_start_on_the_same_data_is_refused(start):
    start().until_ready()
    second = start()
    assert second.process.wait(START_LIMIT) == 1
    assert second.process.stdout is not None
    assert "already runs on" in second.process.stdout.read()


def test_a_taken_port_is_named(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        product = start(PORT=str(taken.getsockname()[1]))
        assert product.process.wait(START_LIMIT) == 1
    assert product.process.stdout is not None
    assert product.process.stdout.read().startswith("PORT: ")


def test_commands_join_the_database_of_a_running_product(start, folder):
    product = start(LOG_FORMAT="json")
    product.until_ready()
    command = [sys.executable, "-c", "from web.cli import main; main()", "doctor"]
    environ = {"TURNAROUND_DATA": str(folder), "TURNAROUND_DEMO": "1"}
    asked = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert "ok     database" in asked.stdout


def test_its_log_is_json_where_that_is_asked_for(start):
    product = start(LOG_FORMAT="json")
    product.until_ready()
    product.get("/")
    assert product.process.stdout is not None
    lines = iter(product.process.stdout.readline, "")
    event = next(json.loads(line) for line in lines if '"request"' in line)
    assert event["route"] == "/"
