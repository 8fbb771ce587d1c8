"""What actors work with; the composition root puts it in place before a worker starts.

An actor receives an identifier and nothing else, so all the rest must be at hand in its process.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.settings import Settings
from engine.store import Sessions

if TYPE_CHECKING:
    from tasks.documents.keys import KeyStore


class NotConfiguredError(EngineError):
    """This process has not been set up to work on jobs."""

    code = "not_configured"


@dataclass(frozen=True)
class Environment:
    """The settings, the database and the keys of this process."""

    settings: Settings
    sessions: Sessions

    @cached_property
    def keystore(self) -> "KeyStore":
        """The installation's keys, opened at first use and made if there are none."""
        from tasks.documents import keys

        return keys.open(
            self.settings.data_folder / "keys",
            self.settings.key_passphrase,
            self.settings.provider_name,
        )


def use(environment: Environment) -> None:
    """Make this the environment of the process."""
    _in_use["environment"] = environment


def current() -> Environment:
    """The environment of the process. Raises NotConfiguredError before `use`."""
    if "environment" not in _in_use:
        raise NotConfiguredError
    return _in_use["environment"]


_in_use: dict[str, Environment] = {}
