"""A bulk import, from entries to rows with events, leaves and full text, beside raw SQL of the same rows."""

import resource
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from ledger import fulltext, sqlite
from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.imports.entry import Entry, Place, Source
from ledger.migrations import commands as migrations
from ledger.services import accounts
from ledger.services.importing import BATCH, Importing
from scripts.bench.measuring import Bench, row

_TOWNS = ("Aldham", "Brook", "Carrow", "Dunmere", "Eastvale")
_PER_ARTICLE = 20
_TABLES = ("article", "revision", "claim", "appearance", "evidence", "event", "claim_words")


def run(bench: Bench) -> None:
    """Claims a second by the clock, and what each costs the processes that make and write the rows."""
    database = Database(f"sqlite:///{bench.folder}/import.db")
    migrations.upgrade(database.engine)
    with database.write() as session:
        account = accounts.create(session, by=SYSTEM, email="i@example.org", name="I", role="admin")
    database.dispose()
    bare = shutil.copy(bench.folder / "import.db", bench.folder / "bare.db")

    importing = Importing(database, by=accounts.identity_of(account), name="bench.jsonl")
    began, making, writing = time.perf_counter(), time.process_time(), _ended_processes()
    refused = list(importing.take(entries(bench.size)))
    cost, making, writing = (
        time.perf_counter() - began, time.process_time() - making, _ended_processes() - writing
    )  # fmt: skip
    if refused or importing.counts.claims != bench.size:
        raise SystemExit(f"the import took {importing.counts}, and refused {refused[:1]}")
    database.dispose()
    ceiling = bare_import(bench.folder / "import.db", Path(bare))
    each = " + ".join(f"{used / bench.size * 1e6:.0f}" for used in (making, writing))
    row(
        "import with events and words",
        f"{bench.size / cost:,.0f} claims/s",
        f"{ceiling / cost:.2f} × raw SQL, {each} µs CPU",
        "15,000",
    )


def _ended_processes() -> float:
    """Seconds of processor time of the processes that we started, and that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def entries(number: int) -> Iterator[Entry]:
    """So many claims, twenty to an article, with two sources each."""
    for i in range(number):
        article = i // _PER_ARTICLE
        yield Entry(
            i + 1,
            f"In {1990 + i % 35}, {1000 + i:,} people in {_TOWNS[i % 5]} signed petition {i}, they said.",
            claimant="The council",
            kind="quantity",
            language="en",
            places=(Place(f"https://news.example/{article}", f"Article {article}", "News", "2026-01-02"),),
            sources=(
                Source(
                    f"https://check.example/{i}", "context", f"It was {i}.", "A check", "Check", "2026-01-05",
                    f"Check rated this “False”, number {i}.",
                ),
                Source(f"https://data.example/{i}", "supports", title="Data"),
            ),
        )  # fmt: skip


def bare_import(filled: Path, empty: Path) -> float:
    """Seconds by the clock to put the same rows in, in one process, in the same batches and statements."""
    source, target = sqlite3.connect(filled), sqlite3.connect(empty, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        target.execute(f"PRAGMA {pragma}")
    (number,) = source.execute("SELECT count(*) FROM claim").fetchone()
    rounds = -(-number // BATCH)
    tables = {name: _rows(source, name, rounds) for name in _TABLES}
    names = {name: [row[1] for row in source.execute(f"PRAGMA table_info({name})")] for name in _TABLES}
    cost = 0.0
    for _ in range(rounds):
        batch = {name: next(parts) for name, parts in tables.items()}
        first = min(place for place, *_ in batch["claim_words"])
        parts = [(name, *_told_once(names[name], rows)) for name, rows in batch.items()]
        began = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        target.execute("PRAGMA defer_foreign_keys=ON")
        for name, columns, rows, same in parts:
            sqlite.into(target, name, columns, list(chain.from_iterable(rows)), same)
        target.execute(fulltext.INDEX_NEWER, (first,))
        target.execute("COMMIT")
        cost += time.perf_counter() - began
    return cost


def _told_once(
    names: Sequence[str], rows: list[tuple[Any, ...]]
) -> tuple[list[str], list[tuple[Any, ...]], dict[str, Any]]:
    """Columns and values that differ from row to row, and what all rows have, but for NULL."""
    columns = list(zip(*rows, strict=True))
    own = [place for place, values in enumerate(columns) if len(set(values)) > 1]
    same = {name: rows[0][place] for place, name in enumerate(names) if rows and place not in own}
    told = {name: value for name, value in same.items() if value is not None}
    return [names[place] for place in own], [tuple(row[place] for place in own) for row in rows], told


def _rows(source: sqlite3.Connection, table: str, rounds: int) -> Iterator[list[Any]]:
    """A table's rows but the account's own event, in so many parts."""
    where = "WHERE stream NOT LIKE 'account:%'" if table == "event" else ""
    (number,) = source.execute(f"SELECT count(*) FROM {table} {where}").fetchone()  # noqa: S608
    cursor = source.execute(f"SELECT * FROM {table} {where} ORDER BY rowid")  # noqa: S608
    for _ in range(rounds):
        yield cursor.fetchmany(-(-number // rounds))
