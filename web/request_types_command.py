"""The commands `turnaround withdraw` and `offer`: what the portal lets people begin."""

import click


@click.command()
@click.argument("key")
def withdraw(key: str) -> None:
    """Offer the request type KEY no longer.

    Nobody can begin it any more; drafts in hand may be sent, and running cases go on.
    """
    from engine.cases import history
    from engine.definitions import offers
    from engine.store import transaction
    from web import storage

    with storage.existing() as sessions, transaction(sessions) as session:
        offers.withdraw(session, key, by=history.OPERATOR)
    click.echo(f"{key} is no longer offered. To bring it back: turnaround offer {key}")


@click.command()
@click.argument("key")
def offer(key: str) -> None:
    """Offer the withdrawn request type KEY again."""
    from engine.cases import history
    from engine.definitions import offers
    from engine.store import transaction
    from web import storage

    with storage.existing() as sessions, transaction(sessions) as session:
        version = offers.offer(session, key, by=history.OPERATOR)
        click.echo(f"{key} is offered in version {version.version}.")
