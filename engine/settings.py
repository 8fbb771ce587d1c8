"""Settings: what the installation is told by its environment, read once at start.

The only reader of the environment. Every fault is reported together with the others, naming the
variable and what to do about it.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from engine import secret_file
from engine.errors import EngineError
from engine.setting_declarations import Settings, declared
from engine.setting_values import LogFormat, LogLevel, MailSecurity, MailServer, secret

__all__ = [
    "LogFormat",
    "LogLevel",
    "MailSecurity",
    "MailServer",
    "Settings",
    "SettingsError",
    "current",
    "declared",
    "load",
    "use",
]


class SettingsError(EngineError):
    """The settings do not allow a start."""

    code = "settings"

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults), faults=faults)


def load(environ: Mapping[str, str] | None = None, *, make: bool = True) -> Settings:
    """The settings from `environ` (default: the process environment).

    Makes the secrets that the installation keeps for itself; without `make` nothing is written,
    and a secret that is not kept yet holds for this process alone. Raises SettingsError with all
    faults.
    """
    source = os.environ if environ is None else environ  # noqa: TID251 -- the one reader
    values, faults = _parsed(source)
    faults += [*_mail_faults(values), *_passphrase_faults(values)]
    if faults:
        raise SettingsError(tuple(faults))
    _derive(values, _kept if make else _kept_or_passing)
    return Settings(**values)  # type: ignore[arg-type]  # each parser returns its field's type


def use(settings: Settings) -> None:
    """Make these the settings of the process; the composition root calls it once."""
    _in_use["settings"] = settings


def current() -> Settings:
    """The settings of the process. Raises SettingsError before the composition root gave them."""
    if "settings" not in _in_use:
        raise SettingsError(("The settings have not been loaded yet.",))
    return _in_use["settings"]


_in_use: dict[str, Settings] = {}


def _parsed(source: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
    """Every field's value, None where nothing was said; and what could not be read."""
    values: dict[str, object] = {}
    faults = []
    for name, setting in declared():
        values[name] = None
        try:
            values[name] = setting.value(source.get(setting.variable, "").strip())
        except ValueError as error:
            faults.append(f"{setting.variable}: {error}")
    return values, faults


def _mail_faults(values: Mapping[str, object]) -> Iterator[str]:
    if values["mail"] and not (values["mail_from"] or values["provider_email"]):
        yield "MAIL_FROM: MAIL_URL is set, so set the sender's address too."


def _passphrase_faults(values: dict[str, object]) -> Iterator[str]:
    """Read the passphrase from its file; a copy of the data alone must not open the keys."""
    path, data_folder = values["key_passphrase_file"], values["data_folder"]
    if values["key_passphrase"]:
        return
    if not isinstance(path, Path):
        if not values["demo"]:
            yield (
                "TURNAROUND_KEY_PASSPHRASE: needed outside the demo (TURNAROUND_DEMO=1); set it,"
                " or name a file with it in TURNAROUND_KEY_PASSPHRASE_FILE."
            )
    elif isinstance(data_folder, Path) and path.is_relative_to(data_folder):
        yield "TURNAROUND_KEY_PASSPHRASE_FILE: must lie outside the data folder; move it."
    else:
        try:
            values["key_passphrase"] = secret(12)(path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            yield f"TURNAROUND_KEY_PASSPHRASE_FILE: {error}"


def _derive(values: dict[str, object], kept_at: Callable[..., str]) -> None:
    """Fill in what follows from other settings or is made at the first start."""
    kept = Path(str(values["data_folder"])) / "secrets"
    values["secret_key"] = values["secret_key"] or kept_at(kept / "secret_key", "SECRET_KEY")
    values["key_passphrase"] = values["key_passphrase"] or kept_at(
        kept / "demo_key_passphrase", "TURNAROUND_KEY_PASSPHRASE"
    )
    if values["demo"] and not values["demo_password"]:
        values["demo_password"] = kept_at(kept / "demo_password", "TURNAROUND_DEMO_PASSWORD", 9)
    values["public_url"] = values["public_url"] or f"http://{values['host']}:{values['port']}"
    values["mail_from"] = values["mail_from"] or values["provider_email"] or "no-reply@localhost"


def _kept(path: Path, variable: str, length: int = 32) -> str:
    try:
        return secret_file.read_or_make(path, length)
    except OSError as error:
        reason = f"{variable}: cannot be kept in the data folder ({error}); check TURNAROUND_DATA."
        raise SettingsError((reason,)) from error


def _kept_or_passing(path: Path, variable: str, length: int = 32) -> str:
    return _kept(path, variable) if path.exists() else secrets.token_urlsafe(length)
