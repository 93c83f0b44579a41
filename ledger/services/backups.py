"""Backup and restore: the whole ledger as one SQLite file, whichever database it lives in.

A backup is taken in one reading transaction, so writers go on and it shows one moment. The file is
itself a ledger on SQLite (it can be opened and verified as it is) with two tables more: `backup`
says what it is, and `backup_file` holds the captured files and the log's signing key. It also holds
password hashes, so it is made readable for its owner only.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims.values import dataclass, field
from ledger import clock, fulltext
from ledger.adapters.blobs import Blobs
from ledger.db import Database
from ledger.errors import Conflict, Invalid, LedgerError, NotFound, Unavailable
from ledger.eventlog.canonical import timestamp
from ledger.migrations import commands as migrations
from ledger.models import Capture, Event, metadata
from ledger.services import checkpoints
from ledger.settings import Settings

FORMAT = "claim-ledger-backup/1"
_ROWS = 500
_KEPT = (checkpoints.KEY, checkpoints.NEWEST)
Progress = Callable[[int], object]


@dataclass(slots=True)
class Outcome:
    """What was copied; `missing` names captured files that are gone or damaged."""

    events: int = 0
    rows: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------- backup


def backup(database: Database, blobs: Blobs, settings: Settings, path: Path) -> Outcome:
    """Write everything to `path`, which must not exist yet, while others go on writing."""
    # Made before anything is in it, so that nobody else can read along.
    path.touch(mode=0o600, exist_ok=False)
    if database.is_sqlite:
        _copy_pages(database, path)
    else:
        _copy_rows(database, path)
    copy = Database(f"sqlite:///{path}")
    try:
        with copy.read() as session:
            outcome = _counted(session)
            names = _files(session)
    finally:
        copy.dispose()
    _add_files(path, names, blobs, settings, outcome)
    return outcome


def _copy_pages(database: Database, path: Path) -> None:
    """SQLite copies itself in one step: one reading transaction, which holds no writer up."""
    with database.engine.connect() as connection, sqlite3.connect(path) as target:
        connection.connection.driver_connection.backup(target)  # type: ignore[union-attr]
    target.close()


def _copy_rows(database: Database, path: Path) -> None:
    """From any other database, row by row out of one snapshot, into the same schema."""
    copy = Database(f"sqlite:///{path}")
    try:
        migrations.upgrade(copy.engine, migrations.current(database.engine) or "head")
        with database.read() as source, copy.write() as target:
            _move(source, target, lambda _: None)
    finally:
        copy.dispose()


def _move(source: Session, target: Session, progress: Progress) -> None:
    # Past the session, which rightly refuses rows without an event: here their events come with them.
    connection = target.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table in metadata.sorted_tables:
        for rows in _batches(source, table):
            connection.execute(sa.insert(table), [dict(row._mapping) for row in rows])
            progress(len(rows))
    fulltext.reindex(connection)


def _batches(session: Session, table: sa.Table) -> Iterator[list[Any]]:
    """All rows of a table by its key, some at a time."""
    key = list(table.primary_key.columns)
    query, after = sa.select(table).order_by(*key).limit(_ROWS), None
    while True:
        rows = list(session.execute(query if after is None else query.where(sa.tuple_(*key) > after)).all())
        if rows:
            yield rows
        if len(rows) < _ROWS:
            return
        after = tuple(rows[-1]._mapping[column] for column in key)


def _counted(session: Session) -> Outcome:
    counts = {
        table.name: int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        for table in metadata.sorted_tables
    }
    return Outcome(events=counts[str(Event.__tablename__)], rows=sum(counts.values()))


def _files(session: Session) -> list[str]:
    """The names of the files that captures are kept in: what an address held, and the WARCs."""
    columns = (col(Capture.sha256), col(Capture.warc_sha256))
    names = sa.union(*(sa.select(column).where(column.isnot(None)) for column in columns))
    return sorted(session.execute(names).scalars())


def _add_files(path: Path, names: list[str], blobs: Blobs, settings: Settings, outcome: Outcome) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # One file, not three: whoever copies it away must not leave half behind.
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE backup (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute("CREATE TABLE backup_file (name TEXT PRIMARY KEY, body BLOB NOT NULL)")
        facts = {"format": FORMAT, "made_at": timestamp(clock.now()), "origin": settings.log_origin}
        connection.executemany("INSERT INTO backup VALUES (?, ?)", facts.items())
        for name in names:
            try:
                connection.execute("INSERT INTO backup_file VALUES (?, ?)", (name, blobs.get(name)))
                outcome.files += 1
            except (NotFound, Unavailable):
                outcome.missing.append(name)
        for name in _KEPT:
            kept = settings.data_dir / name
            if kept.is_file():
                connection.execute("INSERT INTO backup_file VALUES (?, ?)", (name, kept.read_bytes()))
        connection.execute("COMMIT")
    finally:
        connection.close()


# ------------------------------------------------------------------------------------- restore


def check_backup(path: Path) -> None:
    """Raise Invalid unless `path` is a whole backup; newer code's is told apart."""
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    try:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as connection:
            facts = dict(connection.execute("SELECT name, value FROM backup"))
            whole = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.close()
    except sqlite3.Error:
        raise Invalid(f"{path} is no backup of a ledger, or it is broken.") from None
    if facts.get("format") != FORMAT:
        raise Invalid(f"{path} is a backup in the form {facts.get('format')}, which this version can't read.")
    if whole != "ok":
        raise Invalid(f"{path} is damaged: {whole}.")


def restore(path: Path, database: Database, blobs: Blobs, settings: Settings, progress: Progress) -> Outcome:
    """Fill an empty ledger from a backup that was checked: all of it or, on any fault, nothing.

    `path` may be changed: a backup of an older schema is brought to the newest one first.
    """
    copy = Database(f"sqlite:///{path}")
    try:
        _bring_up(copy)
        with database.write() as target:
            _refuse_full(target)
            with copy.read() as source:
                outcome = _counted(source)
                _move(source, target, progress)
            _put_files(path, blobs, settings, outcome)
    finally:
        copy.dispose()
    return outcome


def size(path: Path) -> int:
    """How many rows a backup has."""
    copy = Database(f"sqlite:///{path}")
    try:
        with copy.read() as session:
            return _counted(session).rows
    finally:
        copy.dispose()


def _bring_up(copy: Database) -> None:
    current = migrations.current(copy.engine)
    if current is None or not migrations.is_known(copy.engine, current):
        raise Invalid(
            f"The backup has schema {current}, made by a newer version of the ledger. Use that version."
        )
    migrations.upgrade(copy.engine)


def _refuse_full(session: Session) -> None:
    counted = _counted(session)
    if counted.rows:
        raise Conflict(
            f"This ledger is not empty: it has {counted.events:,} events. Nothing was changed. Restore into "
            "a new one: set LEDGER_DATABASE_URL and LEDGER_DATA_DIR to places that are empty."
        )


# Backups of older schemas were brought to this one.
_WANTED = """SELECT sha256 FROM capture WHERE sha256 IS NOT NULL
UNION SELECT warc_sha256 FROM capture WHERE warc_sha256 IS NOT NULL"""


def _put_files(path: Path, blobs: Blobs, settings: Settings, outcome: Outcome) -> None:
    connection = sqlite3.connect(path)
    try:
        wanted = {name for (name,) in connection.execute(_WANTED)}
        for name, body in connection.execute("SELECT name, body FROM backup_file"):
            if name in _KEPT:
                _keep(settings.data_dir / name, body)
            elif blobs.put(body) == name:
                outcome.files += 1
                wanted.discard(name)
            else:
                raise LedgerError(f"The backup's file {name} is damaged. Nothing was restored.")
        outcome.missing = sorted(wanted)
    finally:
        connection.close()


def _keep(path: Path, body: bytes) -> None:
    """The log's key and its last checkpoint; ones that are there already are left alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(body)
