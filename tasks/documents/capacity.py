"""How many separate processes of a size this machine, or this container, can bear at once."""

import os
from pathlib import Path

CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")  # bytes, or "max"
SHARE = 2  # of the memory, half is left to the database and to the product itself


def processes(each: int) -> int:
    """As many processes of `each` bytes as half the memory holds, one a core; at least one."""
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, _memory() // SHARE // each))


def _memory() -> int:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        limit = CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:  # no container, or one that limits nothing here
        return machine
    return min(machine, int(limit)) if limit.isdecimal() else machine
