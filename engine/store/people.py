"""Tables of those who work here, and where they are signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, Identified


class Account(Identified, Base):
    """A person or machine of the provider; roles open pages, groups open queues."""

    __tablename__ = "accounts"

    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    email: Mapped[str | None]
    password_hash: Mapped[str | None]  # argon2id
    roles: Mapped[list[str]]
    groups: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignIn(Identified, Base):
    """One signed-in browser; ended or missing, its cookie is worth nothing."""

    __tablename__ = "sign_ins"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str | None]  # in words, such as "Firefox on Linux"
    address: Mapped[str | None]  # of the network it came from, without its last part
    seen_at: Mapped[datetime | None]  # within SEEN_EVERY of the last request
