"""The command `turnaround account`: who may sign in where no demo makes accounts."""

import sys

import click

from engine.errors import InvalidError
from engine.people.roles import Role

ROLES = click.Choice([role.value for role in Role])


@click.group()
def account() -> None:
    """Create, list and close accounts of those who work here; set their passwords."""


@account.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=ROLES, help="Opens pages.")
@click.option(
    "--group", "groups", multiple=True, help="Opens a queue. Without it: the role's own queues."
)
@click.option("--display-name", help="What colleagues read. Without it: NAME.")
@click.option("--email", help="Where escalations are mailed to.")
@click.option("--password-stdin", is_flag=True, help="Read the password's line from the input.")
def create(
    name: str,
    roles: tuple[str, ...],
    groups: tuple[str, ...],
    display_name: str | None,
    email: str | None,
    *,
    password_stdin: bool,
) -> None:
    """Create the account that signs in as NAME. Roles and groups may be given several times."""
    from engine.people import accounts
    from engine.store import transaction
    from web import storage

    if not name.strip():
        raise InvalidError("An account needs a name.")
    chosen = [Role(role) for role in roles]
    password = _password(asked=not password_stdin)
    with (
        storage.existing() as sessions,
        transaction(sessions) as session,
    ):
        made = accounts.create(
            session,
            name,
            password,
            roles=chosen,
            groups=groups or accounts.groups_of(chosen),
            display_name=display_name,
            email=email,
        )
        click.echo(f"{made.name} can sign in; queues: {_in_words(made.groups)}.")


@account.command("list")
def listed() -> None:
    """List all accounts with their roles and groups."""
    from engine.people import accounts
    from web import storage

    with (
        storage.existing() as sessions,
        sessions() as session,
    ):
        for each in accounts.everyone(session):
            state = "active" if each.active else "closed"
            held = f"roles: {_in_words(each.roles)}; queues: {_in_words(each.groups)}"
            click.echo(f"{state}  {each.name:<20}  {held}")


@account.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password's line from the input.")
def set_password(name: str, *, password_stdin: bool) -> None:
    """Set a new password for the account NAME and sign it out everywhere."""
    from engine.cases import history
    from engine.people import accounts
    from engine.store import transaction
    from web import storage

    password = _password(asked=not password_stdin)
    with storage.existing() as sessions, transaction(sessions) as session:
        changed = accounts.set_password(session, name, password, by=history.OPERATOR)
        state = "" if changed.active else " The account is closed and stays so."
    click.echo(f"{changed.name} has a new password and is signed out everywhere.{state}")


@account.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """Close the account NAME and sign it out.

    History keeps naming it.
    """
    from engine.people import accounts
    from engine.store import transaction
    from web import storage

    with (
        storage.existing() as sessions,
        transaction(sessions) as session,
    ):
        accounts.deactivate(session, name)
    click.echo(f"{name} is closed.")


def _password(*, asked: bool) -> str:
    if asked:
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _in_words(words: list[str]) -> str:
    return ", ".join(words) or "none"
