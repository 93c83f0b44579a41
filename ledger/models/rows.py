"""A row as the log writes it: JSON values by column, the same on every database."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from ledger.eventlog.canonical import timestamp
from ledger.models.base import Moment, Record


def as_logged(value: Any) -> Any:
    """A column's value as it stands in a patch; times become text."""
    return timestamp(value) if isinstance(value, datetime) else value


def as_held(column: sa.Column[Any], value: Any) -> Any:
    """The opposite: a patch's value as a record holds it."""
    if isinstance(column.type, Moment) and value is not None:
        return datetime.fromisoformat(value)
    return value


def whole_row(record: Record) -> dict[str, Any]:
    """All columns of a record."""
    return {column.key: as_logged(getattr(record, column.key)) for column in columns(type(record))}


def new_row(record: Record) -> dict[str, Any]:
    """What the log says of a record that comes in: a column that is empty goes without saying."""
    return {key: value for key, value in whole_row(record).items() if value is not None}


def changed_columns(record: Record) -> dict[str, Any]:
    """The columns that differ from what the database holds."""
    state = sa.inspect(record)
    changed = {}
    for column in columns(type(record)):
        # Set since it was read, perhaps to what it was; asking for the history of all takes long.
        if column.key not in state.committed_state:
            continue
        history = state.attrs[column.key].history
        if history.has_changes() and list(history.added) != list(history.deleted or ()):
            changed[column.key] = as_logged(getattr(record, column.key))
    return changed


@cache
def columns(model: type[Record]) -> Sequence[sa.Column[Any]]:
    """The columns of a table, in its order."""
    return tuple(model.__table__.columns)  # type: ignore[attr-defined]
