"""Hot: all events, and all rows of a table with the values that the log has for them, to verify a ledger."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import sqlalchemy as sa
from sqlmodel import Session

from ledger.models import Event
from ledger.models.base import Moment
from ledger.store.ways import Asked, Raw, Way, way

_ROWS = 1_000


def events(session: Session, loads: Callable[[str], Any]) -> Iterator[dict[str, Any]]:
    """Events in log order as docs/eventlog.md writes them, read in batches; `loads` reads a patch's text."""
    table, reading = _table(Event), way(session)
    patch = table.c.patch if isinstance(reading, Raw) else sa.cast(table.c.patch, sa.Text)
    columns = [*(column for column in table.columns if column.key != "patch"), patch.label("patch")]
    names = [column.key for column in columns]
    first = sa.bindparam("first", None, type_=sa.Integer)
    asked = Asked(sa.select(*columns).where(table.c.seq >= first).order_by(table.c.seq).limit(_ROWS))
    seq = 0
    while found := reading.rows(asked, {"first": seq}):
        for row in found:
            event = dict(zip(names, row, strict=True))
            event["at"] = reading.moment(event["at"])
            if event["patch"] is not None:
                event["patch"] = loads(event["patch"])
            yield event
        seq = event["seq"] + 1


def rows(session: Session, model: Any) -> Iterator[dict[str, Any]]:
    """Each row of a table by id, read in batches: the columns that are not empty. Raises ValueError."""
    table, reading = _table(model), way(session)
    names = [column.key for column in table.columns]
    ways = [
        (column.key, to) for column in table.columns if (to := _to_logged(column.type, reading)) is not None
    ]
    after = sa.bindparam("after", None, type_=sa.String)
    asked, last = Asked(sa.select(table).where(table.c.id > after).order_by(table.c.id).limit(_ROWS)), ""
    while found := reading.rows(asked, {"after": last}):
        for row in found:
            values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for name, to in ways:
                if name in values:
                    values[name] = to(values[name])
            yield values
        last = found[-1][names.index("id")]


def _table(model: Any) -> sa.Table:
    table: sa.Table = model.__table__
    return table


def _exactly(stored: str) -> str:
    """A time, if it is stored as we store times; else as it is, which no log has."""
    return Raw.moment(stored) if stored[10:11] == " " else stored


def _to_logged(type: Any, reading: Way) -> Callable[[Any], Any] | None:
    """What makes the log's value of a column's; None where they are the same."""
    if isinstance(type, Moment):
        return _exactly if isinstance(reading, Raw) else reading.moment
    if isinstance(reading, Raw):
        if isinstance(type, sa.JSON):
            return orjson.loads
        if isinstance(type, sa.Boolean):
            return bool
    return None
