"""SQLite's own connection: how each of ours is set up, rows by the fifty, and who waits for a turn.

Loads the driver and nothing else: a second process that writes for a bulk import starts in a moment.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

PRAGMAS = (
    # Of a new file only. An event with its patch fits into half a page, where it took a whole one of 4 kB.
    "page_size=8192",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "temp_store=MEMORY",
    "trusted_schema=OFF",
)
"""What every connection to a ledger is told first."""
ROOMY = "cache_size=-65536"
"""For a bulk import: what is written stays in memory until all is there, or it would be written out and read
again."""
TOGETHER = 50
"""Rows of one statement."""


def into(
    driver: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    values: Sequence[Any],
    same: Mapping[str, Any],
) -> None:
    """Put rows into a table: their values of `columns`, row after row in one list, and what all have.

    Bytes are a text in UTF-8, for all rows alike: long texts are then neither decoded nor encoded again.
    Fifty rows are one statement: what a statement costs by itself, the lists of its CHECKs among it, is then
    paid once. That takes a third off the time.
    """
    names, common, width = (*same, *columns), tuple(same.values()), len(columns)
    texts = frozenset(place for place, value in enumerate(values[:width]) if isinstance(value, bytes))
    for start in range(0, len(values), TOGETHER * width):
        some = values[start : start + TOGETHER * width]
        driver.execute(_statement(table, names, len(common), len(some) // width, texts), (*common, *some))


@lru_cache(64)
def _statement(table: str, names: tuple[str, ...], common: int, rows: int, texts: frozenset[int]) -> str:
    """An INSERT of so many rows, whose first parameters are common to all of them."""
    quoted = ", ".join(f'"{name}"' for name in names)
    own = len(names) - common
    shared = [f"?{place + 1}" for place in range(common)]
    marks = [
        ", ".join((*shared, *(_mark(first + place + 1, place in texts) for place in range(own))))
        for first in range(common, common + rows * own, own)
    ]
    return f"INSERT INTO {table} ({quoted}) VALUES {', '.join(f'({row})' for row in marks)}"  # noqa: S608


def _mark(number: int, text: bool) -> str:
    return f"CAST(?{number} AS TEXT)" if text else f"?{number}"


class Waiting:
    """Tells one who writes for long that others wait for their turn, which SQLite itself tells nobody.

    Who waits holds a shared lock on a file beside the ledger; it ends with the process that holds it.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-waiting"
        self._file: int | None = None
        self._guard = threading.Lock()
        self._threads = 0
        self._held = False

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o660)
        return self._file

    @contextmanager
    def told(self) -> Iterator[None]:
        """Inside the block, this process waits."""
        with self._guard:
            file = self._opened()
            self._threads += 1
            # Nobody holds the other lock for longer than the moment of a look; then nobody is told.
            self._held = self._held or _locked(file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with self._guard:
                self._threads -= 1
                # The lock is the process's, so that the last of its threads gives it back.
                if self._held and not self._threads:
                    fcntl.flock(file, fcntl.LOCK_UN)
                    self._held = False

    def anybody(self) -> bool:
        """Whether another process waits, or another thread of this one."""
        with self._guard:
            file = self._opened()
            if self._threads or not _locked(file, fcntl.LOCK_EX):
                return True
            fcntl.flock(file, fcntl.LOCK_UN)
            return False

    def let_in(self, most: float = 0.25) -> None:
        """Give the turn to those who wait, for so many seconds at most."""
        until = time.monotonic() + most
        while self.anybody() and time.monotonic() < until:
            time.sleep(0.002)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _locked(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
