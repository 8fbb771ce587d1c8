"""Accounts of those who work here; a deactivated one is kept, for history names it."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases import history
from engine.errors import ConflictError, InvalidError, NotFoundError
from engine.people import passwords, sign_ins
from engine.people.roles import GROUPS, WORKERS, Group, Role
from engine.store import Account

__all__ = [
    "DEMO",
    "GROUPS",
    "WORKERS",
    "Group",
    "Role",
    "authenticate",
    "by_name",
    "create",
    "deactivate",
    "ensure_demo",
    "everyone",
    "groups_of",
    "set_password",
]

DEMO: Mapping[Role, tuple[str, tuple[Group, ...]]] = MappingProxyType(
    {
        Role.EXECUTIVE: ("Service executive", (Group.EXECUTIVES,)),
        Role.TEAMLEADER: ("Team leader", (Group.TEAM_LEADERS, Group.EXECUTIVES)),
        Role.MANAGER: ("Manager", (Group.MANAGERS,)),
        Role.HEAD: ("Department head", (Group.DEPARTMENT_HEADS,)),
        Role.ANALYST: ("Process analyst", ()),
        Role.ADMIN: ("Administrator", ()),
        Role.OPERATOR: ("Operator", ()),
        Role.AUDITOR: ("Auditor", ()),
    }
)


def authenticate(session: Session, name: str, password: str) -> Account | None:
    """The active account with this name and password.

    Takes the same work for an unknown name as for a wrong password.
    """
    account = by_name(session, name)
    if not passwords.matches(account.password_hash if account else None, password):
        return None
    if account is None or not account.active:
        return None
    if passwords.outdated(account.password_hash or ""):
        account.password_hash = passwords.hashed(password)
    return account


def by_name(session: Session, name: str) -> Account | None:
    """The account that signs in as `name`; case and blanks around it do not matter."""
    return session.scalar(select(Account).where(Account.name == _normal(name)))


def everyone(session: Session) -> Sequence[Account]:
    """All accounts, closed ones too, in the order of their names."""
    return session.scalars(select(Account).order_by(Account.name)).all()


def groups_of(roles: Iterable[Role]) -> tuple[Group, ...]:
    """The groups whose queues people with these roles usually work on."""
    theirs = {group for role in roles for group in DEMO[role][1]}
    return tuple(group for group in Group if group in theirs)


def create(
    session: Session,
    name: str,
    password: str | None,
    *,
    roles: Iterable[Role],
    groups: Iterable[str] = (),
    display_name: str | None = None,
    email: str | None = None,
) -> Account:
    """Add an account; without a password nobody can sign in with it.

    Raises InvalidError for a password that is too short, ConflictError for a name that is taken.
    """
    if by_name(session, name):
        raise ConflictError(f"There is an account {_normal(name)} already.")
    account = Account(
        name=_normal(name),
        display_name=display_name or name,
        email=email,
        password_hash=None if password is None else _checked_hash(password),
        roles=[role.value for role in roles],
        groups=list(groups),
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def deactivate(session: Session, name: str) -> None:
    """Close an account; whoever is signed in with it is out at once. Raises NotFoundError."""
    account = _existing(session, name)
    account.active = False
    sign_ins.end_all(session, account)


def set_password(session: Session, name: str, password: str, *, by: str) -> Account:
    """Give an account a new password and sign it out of every browser.

    Raises NotFoundError, and InvalidError for a password that is too short.
    """
    account = _existing(session, name)
    account.password_hash = _checked_hash(password)
    sign_ins.end_all(session, account)
    history.record(session, "account.password_set", actor=by, account=account.name)
    return account


def change_password(
    session: Session, account: Account, current: str, password: str, token: str
) -> None:
    """Let somebody change their own password; they stay signed in here alone.

    Raises InvalidError for a wrong current password, or a new one that is no good.
    """
    if not passwords.matches(account.password_hash, current):
        raise InvalidError("That is not your present password.")
    kept = _existing(session, account.name)
    kept.password_hash = _checked_hash(password, kept.name)
    sign_ins.end_others(session, kept, token)
    history.record(session, "account.password_changed", actor=kept.name)


def ensure_demo(session: Session, password: str) -> None:
    """Make the eight demo accounts, all with this one password, or give it to those there are."""
    kept = {account.name: account for account in session.scalars(select(Account))}
    known = {account.password_hash for name, account in kept.items() if name in set(Role)}
    if len(known) == 1 and passwords.matches(known.pop(), password):
        password_hash = None
    else:
        password_hash = _checked_hash(password)
    for role, (display_name, groups) in DEMO.items():
        account = kept.get(role.value)
        if account is None:
            account = create(
                session,
                role,
                None,
                roles=[role],
                groups=groups,
                display_name=display_name,
                email=_demo_email(role),  # so that alerts show in the outbox
            )
            account.password_hash = password_hash or _checked_hash(password)
        elif password_hash:
            account.password_hash = password_hash
        account.active = True


def close_demo(session: Session) -> None:
    """Close the demo's accounts, whose password is known, where no demo is wanted any more."""
    for role in DEMO:
        account = by_name(session, role.value)
        if account is not None and account.active and account.email == _demo_email(role):
            deactivate(session, account.name)


def _existing(session: Session, name: str) -> Account:
    account = by_name(session, name)
    if account is None:
        raise NotFoundError(f"There is no account {_normal(name)}.")
    return account


def _demo_email(role: Role) -> str:
    return f"{role.value}@example.com"


def _checked_hash(password: str, name: str = "") -> str:
    if not passwords.LEAST_LENGTH <= len(password) <= passwords.MOST_LENGTH:
        raise InvalidError(f"A password has at least {passwords.LEAST_LENGTH} characters.")
    if passwords.is_easy(password, name):
        raise InvalidError(
            "This password is easily guessed. Take several words that do not belong together."
        )
    return passwords.hashed(password)


def _normal(name: str) -> str:
    return name.strip().casefold()
