"""Opening the ledger for a command: each thing that can be missing is named, with its remedy."""

import errno
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
import structlog

from ledger.db import Database
from ledger.errors import LedgerError, Unavailable
from ledger.migrations import commands as migrations
from ledger.settings import Settings, load


@contextmanager
def opened(
    *, settings: Settings | None = None, any_schema: bool = False
) -> Iterator[tuple[Settings, Database]]:
    """The ledger that the settings name, with the schema that this code needs."""
    settings = settings or load()
    quiet_logs()
    there(settings)
    database = Database(settings.database_url)
    try:
        reach(database, settings)
        if not any_schema:
            fitting(database)
        yield settings, database
    finally:
        database.dispose()


def quiet_logs() -> None:
    """Warnings and worse go to standard error, so that what a command prints can be piped."""
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


def there(settings: Settings) -> None:
    """Raise Unavailable where a SQLite file is missing: opening it would make an empty one."""
    path = sqlite_path(settings)
    if path is not None and not path.exists():
        raise Unavailable(
            f"There is no ledger at {path}. Make one with `ledger up`, or set LEDGER_DATABASE_URL."
        )


def sqlite_path(settings: Settings) -> Path | None:
    """The ledger's file, where it is one."""
    name = sa.make_url(settings.database_url).database if settings.is_sqlite else None
    return Path(name) if name and name != ":memory:" else None


def reach(database: Database, settings: Settings) -> None:
    """Raise Unavailable unless the database answers."""
    try:
        with database.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        raise Unavailable(_no_answer(settings, error)) from error


def _no_answer(settings: Settings, error: Exception) -> str:
    why = _reason(error)
    if settings.is_sqlite:
        path = sqlite_path(settings)
        return f"{path} can't be opened as a SQLite database: {why}. Name another with LEDGER_DATABASE_URL."
    # Never the password: only where we knocked.
    url = sa.make_url(settings.database_url)
    where = f"{url.database} at {url.host or url.query.get('host', 'this machine')}:{url.port or 5432}"
    return f"PostgreSQL does not answer ({where}): {why}. Is it running, and is LEDGER_DATABASE_URL right?"


def unreachable(error: Exception) -> str:
    """One line for a fault of the database in the middle of a command."""
    return f"The database refused or went away: {_reason(error)}. What was not yet done is not done."


def _reason(error: Exception) -> str:
    # libpq's first line says what is wrong; those after it ask questions.
    first = str(getattr(error, "orig", None) or error).strip().partition("\n")[0].rstrip(".")
    return first.removeprefix("connection failed: ") or type(error).__name__


def fitting(database: Database) -> None:
    """Raise Unavailable unless the schema is the one that this code needs."""
    current, newest = migrations.current(database.engine), migrations.newest(database.engine)
    if current is None:
        raise Unavailable(
            "This database has no ledger in it yet. Make one with `ledger db upgrade` or `ledger up`."
        )
    if current != newest:
        not_too_new(database)
        raise Unavailable(
            f"The schema is at {current}; this version needs {newest}. Run `ledger db upgrade`."
        )


def not_too_new(database: Database) -> None:
    """Raise Unavailable where a newer version of the ledger has been at work."""
    current = migrations.current(database.engine)
    if current is not None and not migrations.is_known(database.engine, current):
        raise Unavailable(
            f"The database was brought to schema {current} by a newer version of the ledger than this one. "
            "Run that version, or restore a backup made with this one."
        )


def writable(settings: Settings) -> None:
    """Make the data folder and the SQLite file's; raise Unavailable unless both can be written."""
    path = sqlite_path(settings)
    for folder, variable in (
        (settings.data_dir, "LEDGER_DATA_DIR"),
        (path and path.parent, "LEDGER_DATABASE_URL"),
    ):
        if folder is None:
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"can this be written?")
        except OSError as error:
            why = "a file has that name" if folder.is_file() else error.strerror or error
            raise Unavailable(
                f"The folder {folder} can't be written: {why}. Mend that, or name another with {variable}."
            ) from error
    if path is not None and path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise Unavailable(
            f"The file {path} can't be written. Mend its permissions, or set LEDGER_DATABASE_URL."
        )


def free_port(settings: Settings) -> None:
    """Raise Unavailable unless we can listen where the settings say."""
    host, port = settings.host, settings.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(_no_port(host, port, error)) from error


def _no_port(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} on {host} is taken. Stop what uses it, or choose another: LEDGER_PORT={other}"
    if error.errno == errno.EACCES:
        return f"Port {port} is for the system's administrator. Choose one from 1024 on: LEDGER_PORT=8000"
    why = error.strerror or error
    return f"It is not possible to listen on {host}:{port}: {why}. Set LEDGER_HOST and LEDGER_PORT."


def refuse(message: str) -> LedgerError:
    """A fault that a command found by itself."""
    return LedgerError(message)
