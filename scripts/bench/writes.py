"""A durable change with its event beside its own statements, run by sqlite3: by one writer, and by eight."""

import itertools
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from ledger.services import claims
from scripts.bench.measuring import Bench, row

WRITERS, EACH, ROUNDS = 8, 50, 5
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\w.])-?\d+(?![\w.])")

Work = Callable[[], None]
Statement = tuple[str, list[object]]
"""SQL and its parameters."""


def run(bench: Bench) -> None:
    """Ours and the same in raw SQL take turns, on the same disk."""
    ours = changes(bench)
    copy = f"{bench.path}.copy"
    with closing(sqlite3.connect(bench.path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    recorded = iter(recording(bench, ours, ROUNDS * (WRITERS + 1) * EACH))
    raw = Raw(copy)
    for writers in (1, WRITERS):
        mine, theirs = Times(), Times()
        for _ in range(ROUNDS):
            mine.add(writers, [next(ours) for _ in range(writers * EACH)])
            theirs.add(writers, [raw.replay(next(recorded)) for _ in range(writers * EACH)])
        row(
            f"durable change, writers: {writers}",
            f"{mine.each:,.0f} µs, p99 {mine.p99:,.1f} ms",
            f"{theirs.each / mine.each:.2f} × raw SQL, {theirs.p99:,.1f} ms",
            "0.7, 20 ms",
        )
    for suffix in ("", "-wal", "-shm"):
        Path(copy + suffix).unlink(missing_ok=True)


def changes(bench: Bench) -> Iterator[Work]:
    """Changes of claims without end: each is taken, and laid down when its turn comes again."""
    query = sa.text(
        "SELECT id, version, assignee_id FROM claim WHERE triage <> 'dismissed' AND verdict_id IS NULL "
        "AND withdrawn_at IS NULL AND merged_into IS NULL ORDER BY random() LIMIT 2000"
    )
    with bench.database.read() as session:
        known = {id: (version, had) for id, version, had in session.execute(query)}

    def change(id: str) -> Work:
        def work() -> None:
            version, had = known[id]
            to = None if had else bench.by.account
            with bench.database.write() as session:
                claim = claims.assign(session, id, by=bench.by, version=version, to=to)
            known[id] = claim.version, to

        return work

    return map(change, itertools.cycle(known))


def recording(bench: Bench, ours: Iterator[Work], times: int) -> list[list[Statement]]:
    """The very statements of so many changes, each with its parameters."""
    seen: list[str] = []
    with bench.database.write() as session:
        driver: Any = session.connection().connection.driver_connection
    driver.set_trace_callback(seen.append)
    found = []
    for work in itertools.islice(ours, times):
        seen.clear()
        work()
        found.append([_parted(sql) for sql in seen])
    driver.set_trace_callback(None)
    return found


def _parted(sql: str) -> Statement:
    """SQL as it was sent, from SQLite telling it with its values: those apart, it is parsed only once."""
    values: list[object] = []

    def value(match: re.Match[str]) -> str:
        text = match[0]
        values.append(text[1:-1].replace("''", "'") if text.startswith("'") else int(text))
        return "?"

    return _LITERAL.sub(value, sql), values


class Raw:
    """The same without us: a connection for each thread, and a lock, which beats SQLite's own waiting."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._threads = threading.local()

    def replay(self, statements: Sequence[Statement]) -> Work:
        """Run them as they were run, waiting for the disk at the commit."""

        def work() -> None:
            connection = self._connection()
            with self._turn:
                for sql, values in statements:
                    connection.execute(sql, values).fetchall()

        return work

    def _connection(self) -> sqlite3.Connection:
        kept: sqlite3.Connection | None = getattr(self._threads, "kept", None)
        if kept is None:
            kept = self._threads.kept = sqlite3.connect(self._path, isolation_level=None)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                kept.execute(f"PRAGMA {pragma}")
        return kept


class Times:
    """How long changes took: from when each was asked for, and all in all."""

    def __init__(self) -> None:
        self._rounds: list[float] = []
        self._single: list[float] = []

    def add(self, writers: int, works: Sequence[Work]) -> None:
        """Do them, so many at once."""
        single: list[float] = []

        def write(some: Sequence[Work]) -> None:
            for work in some:
                began = time.perf_counter()
                work()
                single.append(time.perf_counter() - began)

        threads = [threading.Thread(target=write, args=(works[n::writers],)) for n in range(writers)]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._rounds.append((time.perf_counter() - began) / len(works))
        self._single += single

    @property
    def each(self) -> float:
        """Microseconds for a change, all in all: the median of the rounds."""
        return median(self._rounds) * 1e6

    @property
    def p99(self) -> float:
        """Milliseconds that all but one in a hundred took at most."""
        return sorted(self._single)[int(len(self._single) * 0.99)] * 1000
