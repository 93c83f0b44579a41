"""Hot: rows past the ORM, by one of two ways.

On SQLite the driver is asked without SQLAlchemy (`Raw`); elsewhere SQLAlchemy core (`Core`). Both give what
their values are in JSON, the same on both.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlmodel import Session

from ledger.eventlog.canonical import timestamp
from ledger.models import Account

_STORED = "%Y-%m-%d %H:%M:%S.%f"
_DIALECT = sqlite.dialect(paramstyle="named")
_ACCOUNT: sa.Table = Account.__table__  # type: ignore[attr-defined]


class Asked:
    """A statement in both forms: SQLAlchemy's, and the text and values that SQLite's driver takes."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    @cached_property
    def _compiled(self) -> Any:
        return self.statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})

    @cached_property
    def text(self) -> str:
        """As SQLite takes it."""
        return str(self._compiled)

    @cached_property
    def values(self) -> dict[str, Any]:
        """The values that are part of it."""
        return {name: value for name, value in self._compiled.params.items() if value is not None}

    @cached_property
    def floats(self) -> list[int]:
        """Which of its columns hold numbers with a fraction."""
        columns = self.statement.selected_columns
        return [place for place, column in enumerate(columns) if isinstance(column.type, sa.Float)]


class Way(Protocol):
    """How rows are read, and how the values in them become JSON's."""

    def moment(self, value: Any, /) -> str:
        """A point in time."""

    def json(self, value: Any, /) -> Any:
        """A column with a JSON value."""

    def key(self, value: Any, /) -> Any:
        """A time or a number, as the statement takes it."""

    def rows(self, asked: Asked, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of a statement."""

    def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of these accounts."""


class Raw:
    """SQLite's own driver. `known` keeps the names of accounts, for as long as its owner says."""

    def __init__(self, connection: sqlite3.Connection, known: dict[str, str] | None = None) -> None:
        self._connection = connection
        self._known = {} if known is None else known

    @staticmethod
    def moment(stored: str) -> str:
        """As SQLAlchemy writes a time into SQLite: 2026-11-23 13:57:02.123456, in UTC."""
        return f"{stored[:10]}T{stored[11:]}Z"

    @staticmethod
    def json(stored: str) -> Any:
        """A column with a JSON value."""
        return orjson.loads(stored)

    @staticmethod
    def key(value: Any) -> Any:
        """A time or a number, as it is stored."""
        return value.strftime(_STORED) if isinstance(value, datetime) else value

    def rows(self, asked: Asked, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of a statement."""
        return self._connection.execute(asked.text, {**asked.values, **values}).fetchall()

    def row(self, asked: Asked, values: Mapping[str, Any]) -> Any:
        """The first row of a statement; None where there is none."""
        return self._connection.execute(asked.text, {**asked.values, **values}).fetchone()

    def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of these accounts."""
        if wanting := [id for id in ids if id not in self._known]:
            self._known.update(self.rows(_NAMES_OF_JSON, {"ids": orjson.dumps(wanting).decode()}))
        return self._known


class Core:
    """SQLAlchemy core, on any database."""

    moment = staticmethod(timestamp)

    def __init__(self, session: Session) -> None:
        self._session = session

    @staticmethod
    def json(value: Any) -> Any:
        """A column with a JSON value."""
        return value

    @staticmethod
    def key(value: Any) -> Any:
        """A time or a number, as the statement takes it."""
        return value

    def rows(self, asked: Asked, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of a statement."""
        return self._session.execute(asked.statement, dict(values)).fetchall()

    def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """The names of these accounts."""
        return {id: name for id, name in self.rows(_NAMES, {"ids": list(ids)})}


def way(session: Session, *, plain: bool = True) -> Way:
    """The quickest way to rows in a session's own transaction; `plain` as `is_plain` says."""
    connection = session.connection()
    if plain and connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        return Raw(driver)
    return Core(session)


_NAMES = Asked(
    sa.select(_ACCOUNT.c.id, _ACCOUNT.c.name).where(_ACCOUNT.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_NAMES_OF_JSON = Asked(
    sa.select(_ACCOUNT.c.id, _ACCOUNT.c.name).where(
        _ACCOUNT.c.id.in_(
            sa.select(sa.func.json_each(sa.bindparam("ids", type_=sa.String)).table_valued("value").c.value)
        )
    )
)
