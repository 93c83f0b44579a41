"""Many rows into one table, past what SQLAlchemy does for each of them.

Hot: the way of a bulk import.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ledger import sqlite


def put(
    connection: sa.Connection,
    table: str,
    columns: Sequence[str],
    values: Sequence[Any],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Put rows into a table: their values of `columns`, row after row in one list, and what all of them have.

    Other columns stay empty. Values are those that the driver takes, bytes a text in UTF-8. Names come from
    our own tables, never from outside.
    """
    same = same or {}
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        sqlite.into(driver, table, columns, values, same)
        return
    common = tuple(same.values())
    quoted = ", ".join(f'"{name}"' for name in (*same, *columns))
    texts = (value.decode() if isinstance(value, bytes) else value for value in values)
    rows = zip(*[texts] * len(columns), strict=True)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*common, *row))
