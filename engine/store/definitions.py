"""Tables of what can be asked for: immutable, numbered versions of request types."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.store.base import Base, Identified, Json


class RequestTypeVersion(Identified, Base):
    """One published bundle; the highest version of a key is the current one."""

    __tablename__ = "request_type_versions"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "digest"))

    key: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]  # SHA-256 over paths and contents, hexadecimal
    settings: Mapped[Json]  # request_type.toml as read
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]  # the portal offers it no longer

    files: Mapped[list["BundleFile"]] = relationship(back_populates="bundle", lazy="raise")


class BundleFile(Base):
    """One file of a published bundle."""

    __tablename__ = "bundle_files"

    request_type_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("request_type_versions.id"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]

    bundle: Mapped[RequestTypeVersion] = relationship(back_populates="files", lazy="raise")


class ProcessDefinition(Identified, Base):
    """One numbered version of a diagram; its XML is a file of the bundle."""

    __tablename__ = "process_definitions"
    __table_args__ = (UniqueConstraint("process_id", "version"),)

    request_type_version_id: Mapped[UUID] = mapped_column(ForeignKey("request_type_versions.id"))
    process_id: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str]  # SHA-256 of all diagrams and decisions it may call, hexadecimal
    deployed_at: Mapped[datetime]
