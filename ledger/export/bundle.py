"""A data package (datapackage.org, version 1): CSVs of the claims and what belongs to them.

The Table Schemas in datapackage.json tell each column's type and meaning, and how the tables hang together.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson

from claims.values import dataclass, field
from ledger.export import csv, zipping
from ledger.store.cells import Column

MEDIA_TYPE = "application/zip"
_TYPES = {
    "integer": "integer", "number": "number", "truth": "boolean", "time": "datetime", "json": "object",
}  # fmt: skip
_TITLES = {
    "claims": "Claims: one row for each, newest first",
    "appearances": "Where the claims stand",
    "evidence": "What bears on the claims, pieces that were taken back too",
    "verdicts": "The claims' verdicts in any state",
    "events": "What happened to the claims, as the log has it",
}
_GUARD = (
    "A cell of words that a spreadsheet could take for a formula has an apostrophe in front, and so fits the "
    "pattern ^'+[=+@\\t\\r\\n＝＋－＠-]. Take one off to have the words."
)


@dataclass(slots=True)
class Table:
    """A table of the package: its columns and what makes its lines. Size and hash are known in the end."""

    name: str
    columns: Sequence[Column]
    lines: Callable[[], Iterable[Sequence[str]]]
    size: int = 0
    rows: int = 0
    hash: Any = field(default_factory=hashlib.sha256)

    def pieces(self) -> Iterator[bytes]:
        """The CSV."""
        for piece in csv.document([column.name for column in self.columns], self._counted()):
            self.size += len(piece)
            self.hash.update(piece)
            yield piece

    def _counted(self) -> Iterator[Sequence[str]]:
        for part in self.lines():
            self.rows += len(part)
            yield part


def document(tables: Sequence[Table], *, at: datetime, place: int, guarded: bool) -> Iterator[bytes]:
    """The zip in pieces; `at` is when it is made, `place` the number of events in the log by then."""
    members: list[zipping.Member] = [(f"{table.name}.csv", table.pieces) for table in tables]
    members.append(("datapackage.json", lambda: [_descriptor(tables, at, place, guarded)]))
    yield from zipping.document(members, at.timetuple()[:6])


def _descriptor(tables: Sequence[Table], at: datetime, place: int, guarded: bool) -> bytes:
    told = {
        "name": "claim-ledger",
        "title": "Claims of a claim ledger",
        "description": "All of one moment. Times are UTC; offsets count Unicode code points."
        + (f" {_GUARD}" if guarded else ""),
        "created": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "log_size": place,
        "resources": [_resource(table) for table in tables],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _resource(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": _TITLES[table.name],
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.hash.hexdigest()}",
        "rows": table.rows,
        "dialect": {"lineTerminator": "\r\n", "doubleQuote": True},
        "schema": _schema(table),
    }


def _schema(table: Table) -> dict[str, Any]:
    first = table.columns[0].name if table.name != "events" else "seq"
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, "type": _TYPES.get(column.kind, "string"), "description": column.about}
            for column in table.columns
        ],
        "missingValues": [""],
        "primaryKey": first,
    }
    if table.name != "claims":
        schema["foreignKeys"] = [
            {"fields": "claim_id", "reference": {"resource": "claims", "fields": "claim_id"}}
        ]
    return schema
