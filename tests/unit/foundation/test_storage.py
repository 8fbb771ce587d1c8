"""The database of a command: your own server is asked before anything stands on it."""

import pytest

from engine import settings
from engine.settings import SettingsError
from tests import ports
from web import storage


@pytest.fixture
def unreachable(tmp_path):
    """Settings that name a server nobody runs."""
    return settings.load(
        {
            "TURNAROUND_DATA": str(tmp_path),
            "TURNAROUND_DEMO": "1",
            "DATABASE_URL": f"postgresql://app:hunter2@127.0.0.1:{ports.free()}/turnaround",
        }
    )


@pytest.mark.parametrize("opened", [storage.Database, storage.database])
def test_a_server_that_does_not_answer_is_a_fault_of_its_setting(unreachable, opened):
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: ") as refused, opened(unreachable):
        pass
    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)
