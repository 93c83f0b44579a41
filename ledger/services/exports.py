"""Taking claims out of the ledger."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from ledger.db import Database
from ledger.export import csv
from ledger.store import exports as store
from ledger.store.claims import Filters


def claims_csv(
    database: Database,
    filters: Filters,
    *,
    base_url: str,
    raw: bool = False,
    bom: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Iterator[bytes]:
    """The claims that `filters` let through as CSV, newest first, in pieces of about 64 kB.

    All of it is one state of the ledger, and memory does not grow with the number of claims. The
    first piece is made before this returns, so that what goes wrong is raised here, while it can
    still be told. `raw` leaves cells that a spreadsheet may take for formulas as they are; `bom`
    puts the mark in front by which Excel knows UTF-8. `progress` is told of each row.
    """
    pieces = _pieces(database, filters, progress, base_url=base_url, raw=raw, bom=bom)
    return _resumed(next(pieces), pieces)


def count(database: Database, filters: Filters) -> int:
    """How many claims an export would have."""
    with database.read() as session:
        return store.count(session, filters)


def _pieces(
    database: Database,
    filters: Filters,
    progress: Callable[[int], object] | None,
    *,
    base_url: str,
    raw: bool,
    bom: bool,
) -> Iterator[bytes]:
    # All of it is closed with the generator: after the last piece, or when whoever reads goes away.
    with database.read() as session, closing(store.claims(session, filters)) as rows:
        told = rows if progress is None else _told(rows, progress)
        yield from csv.document(told, base_url=base_url, raw=raw, bom=bom)


def _told(rows: Iterator[Any], progress: Callable[[int], object]) -> Iterator[Any]:
    for row in rows:
        yield row
        progress(1)


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
