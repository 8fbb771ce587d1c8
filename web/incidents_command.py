"""The command `turnaround incident`: what stands still, and letting a failed job run again."""

from uuid import UUID

import click


@click.group()
def incident() -> None:
    """List what stands still and needs a person; let a failed job run again."""


@incident.command("list")
def listed() -> None:
    """List all open incidents, oldest first, each with what can be done."""
    from engine.execution import incidents
    from web import storage

    with (
        storage.existing() as sessions,
        sessions() as session,
    ):
        found = incidents.open_incidents(session)
        for each in found:
            click.echo(f"{each.id}  {each.opened_at:%Y-%m-%d %H:%M} UTC  {each.kind}")
            click.echo(f"    at {each.element_id or 'no element'}: {each.message}")
            click.echo(f"    {each.advice}")
        if not found:
            click.echo("Nothing stands still.")


@incident.command()
@click.argument("incident_id", metavar="ID", type=click.UUID)
@click.option("--note", required=True, help="What was wrong and who mended it; kept in history.")
def retry(incident_id: UUID, note: str) -> None:
    """Resolve the incident ID of a failed job and let the job run again with all its tries."""
    from engine.cases import history
    from engine.execution import jobs
    from engine.store import transaction
    from web import storage

    with (
        storage.existing() as sessions,
        transaction(sessions) as session,
    ):
        job = jobs.retry(session, incident_id, by=history.OPERATOR, note=note)
        click.echo(f"{job.type} at {job.element_id} runs again within seconds.")
