"""The command `turnaround`: it translates, and loads what a command needs when it is called."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import settings as configuration
from engine.errors import EngineError
from engine.settings import Settings, SettingsError
from web.accounts_command import account
from web.backup_command import backup, restore
from web.incidents_command import incident
from web.request_types_command import offer, withdraw

if TYPE_CHECKING:
    from engine.findings import Finding
    from engine.store import RequestTypeVersion

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")


def main() -> None:
    """Run a command; a refusal is a message and exit code 1, never a traceback."""
    try:
        cli.main(prog_name="turnaround", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except EngineError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 99})
@click.version_option(package_name="turnaround")
def cli() -> None:
    """Service requests with a promise."""


cli.add_command(account)
cli.add_command(backup)
cli.add_command(restore)
cli.add_command(incident)
cli.add_command(withdraw)
cli.add_command(offer)


@cli.command()
def up() -> None:
    """Run everything in one process: database, web and workers."""
    from web import server

    settings = _settings()
    server.up(settings, lambda: click.echo(_welcome(settings)))


@cli.command()
def web() -> None:
    """Run the web part alone. Needs DATABASE_URL and BROKER_URL."""
    from web import server

    server.serve(*_apart())


@cli.command()
def worker() -> None:
    """Run a worker alone. Needs DATABASE_URL and BROKER_URL."""
    from web import server

    server.work(*_apart())


@cli.command()
def scheduler() -> None:
    """Run a scheduler alone. Needs DATABASE_URL and BROKER_URL."""
    from web import server

    server.schedule(*_apart())


@cli.command()
def migrate() -> None:
    """Bring the database up to date; publish what ships."""
    from web import server, storage

    settings = _settings()
    with storage.sessions_of(settings, migrated=True) as sessions:
        server.prepare(settings, sessions)
    click.echo("The database is up to date.")


@cli.command()
@click.argument("folder", type=FOLDER)
def deploy(folder: Path) -> None:
    """Publish the request type in FOLDER.

    Refused with all findings if it has errors. Running cases keep the version they began with.
    """
    from engine.definitions import bundles, offers
    from engine.definitions.errors import RefusedError
    from engine.store import transaction
    from web import storage

    with storage.existing() as sessions:
        try:
            with transaction(sessions) as session:
                version = bundles.deploy_folder(session, folder)
                newest = offers.newest(session, version.key)
                click.echo(_published(version, newest))
        except RefusedError as refused:
            _report(refused.findings, "text")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@FORMAT
def check(files: tuple[Path, ...], form: str) -> None:
    """Check a request type's folder, or single files.

    FILES are folders, diagrams (.bpmn), decisions (.dmn) and forms (.json). Exit 1 on an error.
    """
    from web import checking

    _report(checking.findings(files), form)


@cli.command()
@click.argument("expression")
@click.option("--context", default="{}", help="Variables, as a JSON object.")
def feel(expression: str, context: str) -> None:
    """Evaluate a FEEL EXPRESSION and print the value as JSON."""
    from engine.feel import FeelError
    from web import checking

    try:
        value = checking.evaluated(expression, context)
    except (FeelError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(value, ensure_ascii=False))


@cli.command()
@click.argument("file", type=FILE)
@FORMAT
def verify(file: Path, form: str) -> None:
    """Say who signed FILE, when, and whether it is genuine.

    Genuine is what this installation signed and nobody changed since; exit 1 for anything else.
    """
    from tasks.documents import verification
    from web import verifying

    report = verifying.verified(file, configuration.load(make=False))
    write = verification.as_json if form == "json" else verification.as_text
    click.echo(write(report))
    sys.exit(report.verdict is not verification.Verdict.GENUINE)


@cli.command()
@click.option("--settings", "listed", is_flag=True, help="List all settings with their meaning.")
def doctor(*, listed: bool) -> None:
    """Check the installation and say what to do about each fault."""
    if listed:
        click.echo("\n".join(_settings_listed()))
        return
    from web import doctor as surgery

    faulty = False
    for found in surgery.examine():
        faulty |= not found.good
        click.echo(f"{'ok   ' if found.good else 'FAULT'}  {found.part:<14} {found.says}")
    sys.exit(faulty)


def _settings() -> Settings:
    settings = configuration.load()
    configuration.use(settings)
    return settings


def _published(version: "RequestTypeVersion", newest: "RequestTypeVersion") -> str:
    """What became of a bundle; one that was published before does not come back by itself."""
    key, number = version.key, version.version
    if version is not newest:
        return (
            f"This very content is version {number} of {key} already, and version {newest.version}"
            " stays the current one. To go back, change anything in the folder and publish it"
            " again."
        )
    if newest.withdrawn_at is not None:
        return (
            f"This very content is version {number} of {key} already, which is withdrawn."
            f" To bring it back: turnaround offer {key}"
        )
    return f"{key} is published as version {number}."


def _apart() -> tuple[Settings, str]:
    """The settings of a part that runs by itself, and its database's URL."""
    settings = _settings()
    faults = [
        f"{variable}: needed where the parts run by themselves; set it, or use `turnaround up`."
        for variable, value in (
            ("DATABASE_URL", settings.database_url),
            ("BROKER_URL", settings.broker_url),
        )
        if value is None
    ]
    if faults:
        raise SettingsError(tuple(faults))
    return settings, str(settings.database_url)


def _welcome(settings: Settings) -> str:
    """What somebody who has just started the product wants to know."""
    lines = [
        "",
        f"  {settings.provider_name} is ready.",
        "",
        f"  Address   {settings.public_url}",
        f"  Data      {settings.data_folder}",
    ]
    if settings.demo:
        kept = settings.data_folder / "secrets" / "demo_password"
        where = f"the line in {kept}" if kept.exists() else "as in TURNAROUND_DEMO_PASSWORD"
        lines += [
            f"  Sign in   {settings.public_url}/inbox, as executive, teamleader, manager, head,",
            "            analyst, admin, operator or auditor",
            f"  Password  {where}",
        ]
    return "\n".join([*lines, "  Stop      Ctrl-C", ""])


def _settings_listed() -> Iterator[str]:
    for _, setting in configuration.declared():
        yield f"{setting.variable}{'  (secret)' if setting.secret else ''}"
        yield f"    {setting.meaning}"
        yield f"    Not set: {setting.without}"


def _report(findings: "Sequence[Finding]", form: str) -> None:
    """Print the findings; exit 1 if one of them is an error."""
    from engine.findings import Severity

    if form == "json":
        click.echo(json.dumps([_as_dict(found) for found in findings], ensure_ascii=False))
    for found in findings if form == "text" else ():
        place = ":".join(str(part) for part in (found.file, found.line) if part is not None)
        element = f" [{found.element_id}]" if found.element_id else ""
        click.echo(f"{place}: {found.severity}: {found.message}{element} ({found.rule})")
    if form == "text" and not findings:
        click.echo("No findings.")
    sys.exit(any(found.severity is Severity.ERROR for found in findings))


def _as_dict(found: "Finding") -> dict[str, object]:
    return {
        "file": found.file,
        "element_id": found.element_id,
        "rule": found.rule,
        "severity": found.severity.value,
        "message": found.message,
        "line": found.line,
    }
