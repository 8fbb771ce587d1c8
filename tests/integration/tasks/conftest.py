"""An environment as a worker has it, and a submitted case that waits for its first job."""

import pytest

from engine import settings as settings_module
from tasks import broker, environment
from tasks.environment import Environment
from tests import builders


@pytest.fixture
def make_settings(tmp_path):
    def make(**variables):
        return settings_module.load(
            {
                "TURNAROUND_DATA": str(tmp_path / "data"),
                "TURNAROUND_DEMO": "1",
                "PROVIDER_NAME": "Example Gas",
                "PROVIDER_EMAIL": "service@example.org",
                **variables,
            }
        )

    return make


@pytest.fixture
def settings(make_settings):
    return make_settings()


@pytest.fixture
def use(sessions):
    """Let the actors of this test work with these settings, without a worker."""

    def put(settings):
        broker.configure(None)
        environment.use(Environment(settings, sessions))

    return put


@pytest.fixture(autouse=True)
def _environment(use, settings):
    use(settings)
    yield
    broker.close()


@pytest.fixture
def case(sessions):
    """A submitted address change; its acknowledgement is the one open job."""
    with sessions.begin() as session:
        return builders.submitted(session)
