"""What all tables share: constraint names, column types, and which tables the log speaks for."""

import enum
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

# Set before the first table is declared: constraints declared earlier would stay unnamed, and an
# unnamed constraint can't be dropped by a migration.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# What pydantic checks values with is made when a value is first checked, which those of records are not.
SQLModel.model_config["defer_build"] = True

ID_LENGTH = 36
metadata = SQLModel.metadata


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time, always UTC.

    SQLite forgets the zone: values without one are refused, and the zone is put back on reading.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# none_as_null: without it Python's None would be stored as the JSON word null, which IS NULL does not find.
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def one_of(
    column: str, values: type[enum.StrEnum] | tuple[str, ...], name: str | None = None
) -> sa.CheckConstraint:
    """A CHECK that `column` holds one of `values`."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({quoted})", name=name or f"{column}_known")


def id_field(**more: Any) -> Any:
    """A primary key that holds one of our ids."""
    return Field(primary_key=True, max_length=ID_LENGTH, **more)


def link(target: str, *, nullable: bool = False, index: bool = False, **more: Any) -> Any:
    """A foreign key to another record; nothing is ever deleted by cascade."""
    default = {"default": None} if nullable else {}
    return Field(  # type: ignore[call-overload]
        foreign_key=target, max_length=ID_LENGTH, nullable=nullable, index=index, **default, **more
    )


def moment(*, nullable: bool = False, **more: Any) -> Any:
    """A column with a point in time."""
    default = {"default": None} if nullable else {}
    return Field(sa_type=Moment, nullable=nullable, **default, **more)  # type: ignore[call-overload]


def json(*, nullable: bool = False, **more: Any) -> Any:
    """A column with a JSON value."""
    return Field(sa_type=Json, nullable=nullable, **more)


class Record(SQLModel):
    """A record of the ledger: each of its changes has an event, and the log gives it back.

    A subclass that is no table of the log (secrets, jobs) derives from SQLModel itself.
    """

    in_log: ClassVar[bool] = True
