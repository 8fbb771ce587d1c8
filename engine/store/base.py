"""What every table shares: names of constraints, column types, and states that only `move`."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine import lifecycle

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = dict[str, object]
S = TypeVar("S", bound=StrEnum)


def state_type(states: type[StrEnum]) -> Enum:
    """A text column that holds the values of `states`; the table of moves guards it."""
    return Enum(
        states,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, object]: JSONB,
        list[str]: ARRAY(Text),
        str: Text,
        UUID: Uuid,
        **{states: state_type(states) for states in lifecycle.MOVES},
    }


class Identified:
    """A row with a random identifier."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


def move(row: Any, target: StrEnum) -> None:
    """Move `row.state` to `target`; raises IllegalMoveError if that does not follow."""
    row.state = lifecycle.move(row.state, target)
