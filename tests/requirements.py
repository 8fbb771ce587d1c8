"""What some tests need from the machine: programs and services that may be absent.

A test that needs an absent one is skipped with its name, unless TURNAROUND_REQUIRE lists it: then
the test runs and fails, so that nothing is left out unnoticed where everything should be there.
"""

import os
import shutil
import socket

import pytest

REQUIRED = frozenset(os.environ.get("TURNAROUND_REQUIRE", "").split(",")) - {""}  # noqa: TID251
PORTS = {"postgresql": 5432, "redis": 6379, "rabbitmq": 5672}
URLS = {
    "postgresql": "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
    "redis": "redis://127.0.0.1:6379/0",
    "rabbitmq": "amqp://guest:guest@127.0.0.1:5672",
}


def needs(*names: str) -> pytest.MarkDecorator:
    """Mark a test, or by `pytestmark` a module, as needing these programs or services."""
    absent = [name for name in names if name not in REQUIRED and not is_there(name)]
    return pytest.mark.skipif(bool(absent), reason=f"not here: {', '.join(absent)}")


def demand(name: str) -> None:
    """Skip the running test if the program or service is absent; fail it if that is required."""
    if not is_there(name):
        (pytest.fail if name in REQUIRED else pytest.skip)(f"not here: {name}")


def is_there(name: str) -> bool:
    """Whether the program is on the path, or the service answers on its usual port."""
    if name not in PORTS:
        return shutil.which(name) is not None
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", PORTS[name])) == 0
