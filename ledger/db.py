"""The database: engine and transactions; knows no table.

Writers take turns, on both databases. The log is one gapless sequence, so two writing transactions
could never have gone on side by side; queuing them at their start instead of at their first append
makes lost updates, deadlocks and serialisation failures impossible rather than rare. A writing
transaction must therefore be short: no fetch, no password hash, no parsing inside it.
"""

import math
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session

from ledger.errors import Unavailable
from ledger.sqlite import PRAGMAS, Waiting

# Any number will do; it must be the same in every process that writes to the ledger.
_WRITERS_QUEUE = 0x636C61696D73
_PATIENCE = 30  # seconds that a writer waits for its turn
_STEPS = 100_000  # of SQLite's own machine, a few milliseconds


def make_engine(url: str, *, statement_seconds: float = 60) -> sa.Engine:
    """An engine for `url`, a SQLite file or a PostgreSQL database.

    PostgreSQL stops any statement after `statement_seconds`; SQLite only where a transaction says so.
    """
    return _sqlite_engine(url) if url.startswith("sqlite") else _postgres_engine(url, statement_seconds)


def _sqlite_engine(url: str) -> sa.Engine:
    path = sa.make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, pool_size=16, max_overflow=64, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, record: Any) -> None:
        # The driver would otherwise begin by itself, late and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # Asked now and then while a statement runs, and true where it is to be stopped.
        connection.set_progress_handler(
            lambda: time.monotonic() > record.info.get("deadline", math.inf), _STEPS
        )
        # SQLite itself knows upper and lower case in ASCII only; searching must find École by école.
        connection.create_function("ledger_lower", 1, _lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        connection.info["deadline"] = time.monotonic() + options.get("seconds", math.inf)
        only_reading = bool(options.get("reading"))
        # As PostgreSQL's READ ONLY: a change made where nothing is kept must fail, not vanish.
        if connection.info.get("only_reading", False) != only_reading:
            connection.exec_driver_sql(f"PRAGMA query_only={'ON' if only_reading else 'OFF'}")
            connection.info["only_reading"] = only_reading
        if not options.get("writing"):
            connection.exec_driver_sql("BEGIN")
            return
        with options.get("waiting", nullcontext)():
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _postgres_engine(url: str, statement_seconds: float) -> sa.Engine:
    engine = sa.create_engine(
        url,
        # A server allows a hundred connections in all, unless told otherwise; leave room for others.
        pool_size=8,
        max_overflow=24,
        pool_pre_ping=True,
        pool_recycle=1800,
        # Stated, as a server's own default may differ: whoever waited for a turn must then see what
        # the writer before did, which a snapshot taken while waiting would not show.
        isolation_level="READ COMMITTED",
        connect_args={
            "application_name": "claim-ledger",
            "client_encoding": "utf8",
            "options": f"-c statement_timeout={statement_seconds * 1000:.0f} -c timezone=UTC "
            "-c idle_in_transaction_session_timeout=120000",
        },
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writing"):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_QUEUE})")

    return engine


def _same_file(opened: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(opened), os.stat(path))  # noqa: PTH116
    except FileNotFoundError:
        return False


_sync = getattr(os, "fdatasync", os.fsync)


class Syncs:
    """Brings what was committed to a SQLite ledger onto the disk, for several writers at once.

    SQLite would wait for the disk while it keeps others from writing. We let it commit without that, let the
    next one write, and answer nobody before the file of its log is synced: by one's own sync, or by another's
    that began after one's commit.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-wal"
        self._lock = threading.Lock()
        self._committed = self._synced = 0
        self._file: int | None = None

    def committed(self) -> int:
        """Note a commit, in one's turn: what to give to `wait`."""
        self._committed += 1
        return self._committed

    def wait(self, commit: int) -> None:
        """Return when that commit is on the disk. Raises Unavailable where the disk does not say so."""
        with self._lock:
            if self._synced >= commit:
                return
            reached = self._committed
            try:
                _sync(self._opened())
            except OSError as error:
                raise Unavailable(
                    "The disk did not confirm the change. Look whether it was kept before you try again."
                ) from error
            self._synced = reached

    def _opened(self) -> int:
        # Somebody may have made the file anew; what is synced must be the one that is written to.
        if self._file is not None and not _same_file(self._file, self._path):
            self.close()
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR)
        return self._file

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Database:
    """Reading and writing transactions on one ledger."""

    def __init__(self, url: str, *, request_seconds: float = 60) -> None:
        self.engine = make_engine(url, statement_seconds=request_seconds)
        self._waiting = Waiting(self.file) if self.file else None
        told = {"waiting": self._waiting.told} if self._waiting else {}
        self._writing = self.engine.execution_options(writing=True, **told)
        self._reading = self.engine.execution_options(reading=True)
        self._answering = self.engine.execution_options(reading=True, seconds=request_seconds)
        # Waiting here costs nothing; SQLite's own waiting polls and starves.
        self._turn = threading.Lock()
        self._kept: sa.Connection | None = None
        self._syncs: Syncs | None = None
        self._writer: int | None = None

    @cached_property
    def file(self) -> str | None:
        """The path of the SQLite file; None of another database, and of one in memory."""
        path = self.engine.url.database
        return path if self.is_sqlite and path and path != ":memory:" else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self, *, briefly: bool = False) -> Iterator[Session]:
        """A session that sees one state of the ledger and changes nothing.

        `briefly`: somebody waits for the answer, and is told that it takes too long after `request_seconds`.
        """
        with Session(
            self._answering if briefly else self._reading, expire_on_commit=False, autoflush=False
        ) as session:
            if not self.is_sqlite:
                session.connection(
                    execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
                )
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are kept, all of them, when the block ends without an error."""
        with self._my_turn():
            # No autoflush: records reach the database when their event does, and not before.
            with (
                Session(self._to_write(), expire_on_commit=False, autoflush=False) as session,
                session.begin(),
            ):
                yield session
            syncs, commit = self._syncs, self._syncs.committed() if self._syncs else 0
        # The next one writes meanwhile.
        if syncs is not None:
            syncs.wait(commit)

    def let_others_write(self) -> None:
        """For one who writes for long: give other processes their turn, if they wait for it."""
        if self._waiting:
            self._waiting.let_in()

    def _to_write(self) -> sa.Engine | sa.Connection:
        """What changes are written to; on SQLite one connection, as one of our threads writes at a time."""
        if not self.is_sqlite:
            return self._writing
        if self._kept is None or self._kept.closed or self._kept.invalidated:
            self._kept = self._writing.connect()
            driver: Any = self._kept.connection.driver_connection
            # Where the disk knows no write-ahead log, SQLite itself must wait for it.
            if self.file and driver.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                driver.execute("PRAGMA synchronous=NORMAL")
                self._syncs = self._syncs or Syncs(self.file)
        return self._kept

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        me = threading.get_ident()
        if self._writer == me:
            raise RuntimeError("a writing transaction inside another would wait for itself")
        if not self._turn.acquire(timeout=_PATIENCE):
            raise Unavailable("Others are writing, and have been for long; nothing was changed. Try again.")
        self._writer = me
        try:
            yield
        finally:
            self._writer = None
            self._turn.release()

    def dispose(self) -> None:
        """Close every connection."""
        if self._kept is not None:
            # Back to the pool goes no connection that does not wait for the disk.
            self._kept.invalidate()
            self._kept.close()
            self._kept = None
        if self._syncs is not None:
            self._syncs.close()
            self._syncs = None
        if self._waiting is not None:
            self._waiting.close()
        self.engine.dispose()
