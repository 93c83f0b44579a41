"""Whether a ledger in a SQLite file may be served at once, found out without what takes long to load.

A start would otherwise load SQLAlchemy and the migrations twice: here, and in the process that answers. What
is not plainly in order is for `opening`, which says what is wrong.
"""

import os
import socket
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledger.settings import Settings

_SQLITE = "sqlite:///"
_VERSIONS = Path(__file__).parents[1] / "migrations" / "versions"


def in_order(settings: "Settings") -> bool:
    """Whether file, schema, folder and port are all as they should be."""
    path = settings.database_url.removeprefix(_SQLITE)
    if path == settings.database_url or "?" in path or "%" in path or not Path(path).is_file():
        return False
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as file:
            file.write(b"can this be written?")
        with tempfile.TemporaryFile(dir=Path(path).parent):
            pass
        return os.access(path, os.R_OK | os.W_OK) and _schema(path) == _newest() and _is_free(settings)
    except (OSError, sqlite3.Error):
        return False


def _schema(path: str) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None


def _newest() -> str:
    # The files are named by their revisions.
    return max(file.name.partition("_")[0] for file in _VERSIONS.glob("[0-9]*_*.py"))


def _is_free(settings: "Settings") -> bool:
    found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
    return True
