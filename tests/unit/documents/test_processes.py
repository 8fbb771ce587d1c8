"""Separate processes: how many may work at once."""

from datetime import timedelta
from threading import BoundedSemaphore

import pytest

from tasks.documents import capacity, intake
from tasks.documents.processes import LostProcessError, NoPlaceError, Pool

GIGABYTE = 1024**3
NOW = timedelta(0)


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine of so many cores, in a container of so many bytes."""

    def of(cores, container):
        limit = tmp_path / "memory.max"
        limit.write_text(f"{container}\n")
        monkeypatch.setattr(capacity, "CONTAINER_LIMIT", limit)
        monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(cores)))
        monkeypatch.setattr("os.sysconf", {"SC_PHYS_PAGES": 16, "SC_PAGE_SIZE": GIGABYTE}.get)

    return of


@pytest.mark.parametrize(
    ("cores", "container", "wanted"),
    [
        (8, "max", 5),  # half of 16 GB, 1.5 GB each
        (2, "max", 2),
        (8, 4 * GIGABYTE, 1),
        (8, GIGABYTE, 1),  # too little, but without one nothing is taken in
        (8, 32 * GIGABYTE, 5),
    ],
)
def test_as_many_work_as_cores_and_memory_bear(machine, cores, container, wanted):
    machine(cores, container)
    assert capacity.processes(3 * GIGABYTE // 2) == wanted


def test_a_setting_overrules_what_the_machine_bears(machine, monkeypatch):
    machine(8, "max")
    monkeypatch.setattr(intake.CLEANERS, "places", None)
    intake.bound(3)
    assert all(intake.CLEANERS.places.acquire(blocking=False) for _ in range(3))
    assert not intake.CLEANERS.places.acquire(blocking=False)


def test_who_finds_no_place_in_time_is_told():
    pool = Pool("nothing", places=BoundedSemaphore(1), patience=NOW)
    with pool.places, pytest.raises(NoPlaceError):
        pool.ask({}, b"", timedelta(seconds=1))


def test_a_place_is_free_again_when_its_process_was_lost():
    pool = Pool("no.such.module", places=BoundedSemaphore(1), patience=NOW)
    for _ in range(2):
        with pytest.raises(LostProcessError):
            pool.ask({}, b"", timedelta(seconds=1))
