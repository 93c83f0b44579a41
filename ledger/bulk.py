"""Many rows into one table, past what SQLAlchemy does for each of them.

Hot: the way of a bulk import. On SQLite fifty rows are one statement: what a statement costs by itself, the
lists of its CHECKs among it, is then paid once. That takes a third off the time.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import sqlalchemy as sa

TOGETHER = 50
"""Rows of one statement."""


def put(
    connection: sa.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Put rows into a table: their values of `columns`, and what all of them have; other columns stay empty.

    Values are those that the driver takes. Names come from our own tables, never from outside.
    """
    same = same or {}
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        into_sqlite(driver, table, columns, rows, same)
        return
    common = tuple(same.values())
    quoted = ", ".join(f'"{name}"' for name in (*same, *columns))
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*common, *row))


def into_sqlite(
    driver: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, Any],
) -> None:
    """The same, to SQLite's own connection."""
    names, common = (*same, *columns), tuple(same.values())
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        statement = _statement(table, names, len(common), len(some))
        driver.execute(statement, (*common, *chain.from_iterable(some)))


@lru_cache(64)
def _statement(table: str, names: tuple[str, ...], common: int, rows: int) -> str:
    """An INSERT of so many rows, whose first parameters are common to all of them."""
    quoted = ", ".join(f'"{name}"' for name in names)
    own = len(names) - common
    marks = (
        ", ".join(f"?{place + 1}" for place in (*range(common), *range(first, first + own)))
        for first in range(common, common + rows * own, own)
    )
    return f"INSERT INTO {table} ({quoted}) VALUES {', '.join(f'({row})' for row in marks)}"  # noqa: S608
